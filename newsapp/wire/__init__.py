"""The wire: feeds bring items in, around the clock."""
