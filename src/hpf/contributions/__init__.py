"""缴存: how money comes in month by month: lists (清册), remittance 汇缴, back payment 补缴, prepayment 预缴,
deferral 缓缴 and reduced rates 降比, flexible workers 灵活就业, arrears 欠缴 and their urging 催缴.

Employer and member each pay a share of the contribution base, between a floor and a cap that the centre publishes
(条例 第十六条、第十八条). The employer withholds the member's half and pays both within five days of payday (第十九条),
month after month without a gap. List and money must agree before a fen is booked.
"""
