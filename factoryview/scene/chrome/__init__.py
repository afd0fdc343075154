"""What frames the floor: header, timeline, legend, and what is seen while loading."""
