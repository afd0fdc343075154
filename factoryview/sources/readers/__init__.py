"""One reader per kind of file; each makes a table of text."""
