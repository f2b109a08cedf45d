"""总账: double entry, the only place where an amount of money exists (财会字〔1999〕33号).

A journal is one business event; its legs are debits (positive fen) and credits (negative fen) that sum to zero.
Personal accounts are ledger accounts of subject 201, one for each member account, with two buckets: 上年结转
(carried) and 当年归集 (current). Accounts whose balance limits something keep a running balance; the hot accounts
of the general ledger are sums of their legs, so that no two postings queue for one row. Posted rows never change.
"""
