"""From data to what a picture says: topology, numbers at a moment, words of one language."""
