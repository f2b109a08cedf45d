"""活过的日子: the small province lives through its business days by the platform's own commands.

Nothing here writes a row. Clerks, employers and members act through services, payers through the simulated bank, and
every business day of every centre is closed as in earnest.
"""
