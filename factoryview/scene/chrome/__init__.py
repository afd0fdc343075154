"""What frames the floor: header, banner, boards, ladder, timeline, dialogs, and what is seen while loading."""
