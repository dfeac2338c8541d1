"""What a text is about. Knows texts alone: no site, no request, no database."""
