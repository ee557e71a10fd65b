"""The answer of each planned analysis in words: one APA sentence a result, ready for the paper."""
