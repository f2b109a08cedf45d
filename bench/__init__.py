"""量: every hot path measured as a ratio to what this machine can do in the same run.

A floor is the same rows moved by the barest means: the server-side function called alone, one statement, one scan.
The budgets are ratios (and a few waiting times) in `budgets.yaml`; the results go to `bench/results` as JSON.
"""
