"""Reads of fronts: what stands on them and why, and what ends."""
