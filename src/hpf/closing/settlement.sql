-- 年度结息，计算: one row for each account that bears interest, computed with whole numbers and rounded once.
-- The definition is hpf.accounts.rules.interest; this is its twin for many accounts, held equal by a property test.
--
-- centre, year   the interest year that ends on 30 June of year + 1
-- by_months      MONTH_WEIGHTS (products are fen-months, twelve a year) instead of fen-days (360 a year)
-- carried, current   rates in units of 10^-9; by_bucket when they differ, and the legs must be read by bucket
INSERT INTO closing_settlementline (centre_id, year, ledger_account_id, employer_account_id, balance_fen, carried_fen,
                                    products, carried_products, interest_fen)
SELECT %(centre)s, %(year)s, a.id, COALESCE(m.employer_account_id, 0), a.balance_fen, a.carried_fen, p.products, p.carried,
       hpf_round_div(p.carried * %(carried)s + (p.products - p.carried) * %(current)s, p.periods * 1000000000)
FROM ledger_account a
LEFT JOIN accounts_memberaccount m ON m.centre_id = %(centre)s AND m.ledger_account_id = a.id
LEFT JOIN (SELECT l.account_id,
                  -sum(l.carried_fen * CASE WHEN %(by_months)s THEN hpf_month_weight(l.value_on, %(year)s) ELSE hpf_day_weight(l.value_on, %(year)s) END) AS products
           FROM ledger_leg l WHERE l.centre_id = %(centre)s AND l.subject = 201 AND %(by_bucket)s GROUP BY l.account_id) c ON c.account_id = a.id
CROSS JOIN LATERAL (SELECT (CASE WHEN %(by_months)s THEN a.month_products ELSE a.day_products END)::numeric AS products,
                           COALESCE(c.products, 0)::numeric AS carried,
                           (CASE WHEN %(by_months)s THEN 12 ELSE 360 END)::numeric AS periods) p
WHERE a.centre_id = %(centre)s AND a.bears_interest AND a.closed_on IS NULL AND a.interest_year = %(year)s
ORDER BY a.id
