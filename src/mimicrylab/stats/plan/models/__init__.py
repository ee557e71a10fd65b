"""The models of the plan, one module a kind: from one analysis and its table to what it found."""
