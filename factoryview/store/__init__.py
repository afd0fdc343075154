"""The stays: built and queried in an embedded database."""
