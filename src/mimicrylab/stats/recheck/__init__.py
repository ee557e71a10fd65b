"""Printed results against each other: what follows from what, to the last digit. One module a family of rules."""
