"""The preregistration: a study's plan as a document, before there are data."""
