"""Journeys: readers and editors in a real browser, before the whole running site."""
