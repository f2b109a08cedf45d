"""柜面: one search box, a person's and a unit's whole picture, the queue of makers and checkers, the day."""
