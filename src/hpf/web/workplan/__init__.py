"""工作台账 pages: the wall, the document beside its tasks, what each centre does about a task, and what the province says to it.

A centre's staff work in their own centre; the province's office works in every centre's scope and is asked for its
permission there. Whoever writes another centre's number into an address is refused, and the audit log keeps it.
"""
