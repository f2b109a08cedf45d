"""转移接续: savings that follow a member from one city's fund to another's, through the national platform.

The leaving account is sealed first, earns its interest to the day, and carries its history with it: months paid, loans,
marks of fraud. Letters have numbers by rule and states of the platform.
"""
