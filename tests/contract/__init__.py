"""The manual, the command line and the house rules agree with the code. ``make docs`` renders the pages anew."""
