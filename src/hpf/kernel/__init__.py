"""金额 利率 期间 决定: the values every business shares. No framework, no clock, no network.

`Money` is whole fen. `Rate` is an exact decimal per cent a year. `Period` is half-open `[from, to)`.
`Reason` is one ground of an answer, with its figure and its article; `Decision` is the answer.
"""
