"""Accounts: the people of the newsroom, their roles, and signing in."""
