"""单位 职工 中心: who exists, and how we know. Centres and their branches, employers, people, flags others may read.

People are told apart by their identity document: checked by its own arithmetic, kept encrypted, found by a keyed blind
index, shown masked. Showing one in full is a command with a purpose, so the command log is its audit. A person belongs
to a centre; across centres only blind indexes meet, so that a second account elsewhere is noticed (条例 第十三条)
without any centre reading another's people.
"""
