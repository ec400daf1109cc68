"""Harborlight: the open platform on which a community's answer to human trafficking runs."""

from importlib.metadata import version

__version__ = version("harborlight")
