"""模拟银行: a depository bank as its own process, with its own book, its own business date and its own faults.

It speaks the settlement interface (BDC101 … SBDC100, SYS600) and, for the demo's payers, a small control interface.
The platform talks to it exactly as it would to a real bank.
"""
