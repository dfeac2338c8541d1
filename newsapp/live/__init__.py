"""Live: the ticker, the pulse that open pages poll."""
