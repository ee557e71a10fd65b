"""The command line: one module per verb, no heavy import outside a command."""
