"""What is to be shown, asked, measured and tested: study.yaml and everything it names."""
