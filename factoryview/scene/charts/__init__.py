"""Charts: scales that know no pixels but their own, axes and marks as nodes."""
