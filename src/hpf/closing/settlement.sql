-- 年度结息，计算: one row for each account that bears interest, computed with whole numbers and rounded once.
-- The definition is hpf.accounts.rules.interest; this is its twin for many accounts, held equal by a property test.
--
-- centre, year   the interest year that ends on 30 June of year + 1
-- by_months      MONTH_WEIGHTS (products are fen-months, twelve a year) instead of fen-days (360 a year)
-- rate           in units of 10^-9, when both buckets earn the same; otherwise by_bucket, and the legs are read bucket by
--                bucket, each part of the year [since, until) at its own rates carried and current
INSERT INTO closing_settlementline (centre_id, year, ledger_account_id, employer_account_id, balance_fen, carried_fen,
                                    products, carried_products, interest_fen)
SELECT %(centre)s, %(year)s, a.id, COALESCE(m.employer_account_id, 0), a.balance_fen, a.carried_fen, p.products, p.carried,
       greatest(0, hpf_round_div(CASE WHEN %(by_bucket)s THEN COALESCE(c.weighted, 0) ELSE p.products * %(rate)s END, p.periods * 1000000000)
                   - COALESCE(e.fen, 0))
FROM ledger_account a
LEFT JOIN accounts_memberaccount m ON m.centre_id = %(centre)s AND m.ledger_account_id = a.id
LEFT JOIN hpf_weighted_legs(%(centre)s, %(year)s, %(by_months)s, %(since)s::date[], %(until)s::date[], %(first)s::integer[], %(last)s::integer[],
                            %(carried)s::bigint[], %(current)s::bigint[], NULL, NULL) c ON %(by_bucket)s AND c.account_id = a.id
LEFT JOIN hpf_closing_interest(%(centre)s, make_date(%(year)s, 7, 1)) e ON e.account_id = a.id
CROSS JOIN LATERAL (SELECT (CASE WHEN %(by_months)s THEN a.month_products ELSE a.day_products END)::numeric AS products,
                           COALESCE(c.carried_products, 0) AS carried,
                           (CASE WHEN %(by_months)s THEN 12 ELSE 360 END)::numeric AS periods) p
WHERE a.centre_id = %(centre)s AND a.bears_interest AND a.closed_on IS NULL AND a.interest_year = %(year)s
ORDER BY a.id
