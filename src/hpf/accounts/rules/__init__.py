"""Rules of accounts: monthly amounts, limits, openings, states, mergers, interest. Pure."""
