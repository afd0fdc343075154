"""A company's process, seen from above like a factory."""

__version__ = "0.1.0"
