"""``python -m mimicrylab``: the command line."""

from mimicrylab.cli.main import main

if __name__ == "__main__":
    main()
