"""What the day's close decides without a database: which day follows, what is accrued, what a settlement must show, what the year leaves."""
