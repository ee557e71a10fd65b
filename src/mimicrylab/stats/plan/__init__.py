"""The declared plan: from a study's tables to the result of each analysis. One module a step."""
