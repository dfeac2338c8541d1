"""What keeps the house as it was built."""
