"""Stories and sections, as readers meet them."""
