"""贷款: housing loans to members: how an instalment is made up of principal and interest over the term.

A loan of five years or less (60 months) has one rate class, a longer one the other; the class follows the contract
term. Two ways of repaying: 等额本息 `level_instalment` and 等额本金 `level_principal`.
"""
