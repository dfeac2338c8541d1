"""What every room stands on: settings, clock, streams, caches, edge."""
