"""What breaks around the site, and what readers notice of it."""
