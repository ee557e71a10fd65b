"""Other programs' files, one module a program, found through the registry."""
