"""The demo edition: what a new newsroom finds on its first morning, labelled as such."""
