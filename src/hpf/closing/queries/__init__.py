"""What the close has found: balances of a centre, the state of a day, settlements, and the proof of everything."""
