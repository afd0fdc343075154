"""Where things stand: machines on the tile grid, belts between them."""
