"""The sections of the report: each module builds one from a ``ReportSource``, or says what it would need."""
