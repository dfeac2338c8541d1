"""The originals of our excerpts: asked again after they went out, and what became of them."""
