"""What every picture is made of: nodes, the compositor that paints them, and where the parts of a screen stand."""
