"""Where things stand: blocks in slots, belts between them, and a verifier."""
