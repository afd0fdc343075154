"""What would be, at the desk: change a machine, and see what that brings before anybody pays for it."""
