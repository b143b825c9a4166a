"""Lets ``python -m service`` be the command ``shisaku``."""

from service.cli import app

if __name__ == "__main__":
    app()
