"""Rules of loans: schedules. Pure."""
