"""The ticker and the pulse."""
