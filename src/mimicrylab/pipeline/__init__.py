"""One function per verb: all that the command line and the server call."""
