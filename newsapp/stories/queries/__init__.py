"""The reads of stories and sections, one idea a module: plain frozen values, rows for the desk."""
