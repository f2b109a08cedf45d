"""资金的规则: whose money a receipt is, where a payment stands, what bank and books disagree about. Pure."""
