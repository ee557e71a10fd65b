"""Broken input, given to the real command: what it says, how it ends, and that nothing stored changes.

Each case is an entry in one of the tables in ``cases/``, a table a verb. To add one: write the entry with an empty
message, run ``pytest tests/bad_input -k <its name>``, read the message that the failure prints, and paste it only if it
tells a psychologist where the mistake is and what to do. Then ``cd tests && python -m bad_input`` writes
docs/bad-input.md from the tables.
"""
