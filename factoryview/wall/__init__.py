"""The wall: a kiosk that shows plants and views in turn, for months, without a keyboard."""
