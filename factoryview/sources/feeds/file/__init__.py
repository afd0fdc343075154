"""A file that grows, or a folder that files come into."""
