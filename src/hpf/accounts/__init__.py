"""个人账户 单位账户: which account exists, whose it is, at which unit, on which base and rates, and in which state.

One member has one account (条例 第十三条). The account outlives employment: it is sealed (封存) when work ends, unsealed
when it begins again, moved to another unit (内部转移), kept in custody (集中封存) or merged with a second account of the
same person (合户). No amount of money is kept here: every balance lives in `ledger`, one ledger account per member account.
"""
