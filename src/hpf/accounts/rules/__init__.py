"""Rules of accounts: monthly amounts, numbers, openings, states. Pure."""
