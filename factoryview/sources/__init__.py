"""Where data comes from: one reader per kind of file, all yielding the same events."""
