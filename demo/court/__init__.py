"""法院执行平台: a court platform as a process of its own. It sends signed papers to the fund's door and takes the answers.

What can go wrong on the line is chosen by name through its control interface, as at the simulated bank.
"""
