"""Is a recording usable, and why not: frames, trials, recordings, and the exclusion log."""
