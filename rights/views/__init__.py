"""The public pages: thin edges, for whoever comes."""
