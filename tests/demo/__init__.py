"""The demo edition."""
