"""The desk through its doors."""
