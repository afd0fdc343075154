"""Sprites: SVG sources, coloured by the theme, drawn at the size needed."""
