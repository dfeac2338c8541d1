"""Stories: what readers read, the sections it stands in, and its corrections."""
