"""What happened: participants, events, recordings, and the map between page time and file time."""
