"""Syndication: what machines read: RSS, Atom, sitemaps, robots."""
