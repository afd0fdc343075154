"""The floor: ground, belts, machines, piles, and the camera over them."""
