"""日终 月结 结息 年结: the one place that runs the fund's day in order.

A business day of a centre is closed step by step: the bank's word is taken in, receipts are booked, bank and books are
compared, the balances are proved (三账平衡), vouchers are numbered, the day is kept. A day with a figure that does not
agree stays open and says which one, by how much and where. On the last day of a month the interest owed to members is
accrued (计提); on 30 June it is credited to every account (结息); on 31 December income and expense become the year's
surplus (年结). 条例 第二十一条; 住房公积金会计核算办法 (财会字〔1999〕33号).
"""
