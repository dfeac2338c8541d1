"""The wire, from a stranger's server to the desk's list."""
