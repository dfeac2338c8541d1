"""Media: photos, their credits and their renditions."""
