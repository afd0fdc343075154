"""What stands where at a moment, and how it moves along time."""
