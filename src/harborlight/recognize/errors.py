"""What can go wrong with what a user hands in, told in one line."""

from __future__ import annotations


class InputError(ValueError):
    """An input, a mapping or a folder that cannot be used. The message is one clear line."""
