"""工作要点台账: the province's yearly work plan as a living ledger. Every sentence that asks for something becomes tasks
with centres, deadlines and evidence, or is marked as asking nothing, with the reason; centres break them down and
report, the province accepts or returns, and nothing that happened disappears. It observes: what the platform itself
can measure is read through published views, never typed.
"""
