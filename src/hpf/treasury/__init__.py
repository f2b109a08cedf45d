"""资金: the fund's own bank accounts (专户), the money that arrives there, the money that leaves, and the proof that bank and books agree.

The bank is always right first: what it reports is booked at once, 借 住房公积金存款 (101) 贷 其他应付款-暂收 (219),
one suspense account per receipt, and waits there with its age until somebody says whose money it is (财会字〔1999〕33号, 财会字〔2000〕12号).
A payment leaves through 219 as well: the business debits its source and credits the payment's own account; when the bank
says done, that account is debited and 101 credited. A result that is not known is asked for, never sent again.

Words: receipt 到账, expectation 待到账, payment 付款指令, collection 批量代收, cash entry 银行存款日记账, statement line 银行对账单,
difference 未达账项, suspense 暂收款.
"""
