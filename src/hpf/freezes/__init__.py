"""司法查控: what courts order about an account, and nobody else hears of it.

Query 查询, freeze 冻结, queued freeze 轮候冻结, renewal 续冻, release 解冻, expiry, deduction 扣划. A freeze is a hold in the
ledger: what it keeps is a function of the balance and of the orders before it, and is stored nowhere.
"""
