"""`python -m harborlight.law`: the same as `harborlight law`."""

from harborlight.law.command import app

if __name__ == "__main__":
    app(prog_name="harborlight law")
