"""The measured promises; README.md keeps the figures."""
