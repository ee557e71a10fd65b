"""How many people does a study need? By formulas for the common tests, by simulation for the study's own plan."""
