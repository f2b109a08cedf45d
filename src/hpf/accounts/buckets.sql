-- 分段分部积数: legs of personal accounts by bucket and by part of an interest year, each weighted with its time and rate.
-- The twin of hpf.accounts.rules.interest for years in which the buckets earn differently (before 2016-02-21).
--
-- A part is days [since, until), or the months from `first` to `last` of the year (July is 1; 0 takes in the opening).
-- carried, current: the part's rates in units of 10^-9. One account when p_account is given; what was posted after
-- p_posted_through is left out. Runs with the caller's rights: a centre reads its own legs.
CREATE OR REPLACE FUNCTION hpf_weighted_legs(
    p_centre integer, p_year integer, p_by_months boolean, p_since date[], p_until date[], p_first integer[], p_last integer[],
    p_carried bigint[], p_current bigint[], p_posted_through date, p_account bigint
) RETURNS TABLE (account_id bigint, carried_products numeric, weighted numeric) LANGUAGE sql STABLE AS $$
    SELECT l.account_id, -sum(l.carried_fen::numeric * w.weight),
           -sum((l.carried_fen::numeric * p.carried + (l.fen - l.carried_fen)::numeric * p.current) * w.weight)
    FROM ledger_leg l
    CROSS JOIN unnest(p_since, p_until, p_first, p_last, p_carried, p_current) AS p(since, until, first, last, carried, current)
    CROSS JOIN LATERAL (SELECT greatest(0, CASE WHEN p_by_months THEN p.last - greatest(12 - hpf_month_weight(l.value_on, p_year), p.first)
                                                ELSE p.until - greatest(l.value_on, p.since) END) AS weight) w
    WHERE l.centre_id = p_centre AND l.subject = 201 AND (p_account IS NULL OR l.account_id = p_account)
      AND (p_posted_through IS NULL OR l.business_on <= p_posted_through)
    GROUP BY l.account_id
$$;
REVOKE EXECUTE ON FUNCTION hpf_weighted_legs FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hpf_weighted_legs TO hpf_app;

-- 已付销户利息: what accounts were given as closing interest since a day and still have. An account paid out whose bank has
-- not answered by 30 June is open and its products stand: the settlement gives it what it earned less this.
CREATE OR REPLACE FUNCTION hpf_closing_interest(p_centre integer, p_since date)
RETURNS TABLE (account_id bigint, fen bigint) LANGUAGE sql STABLE ROWS 100 AS $$
    SELECT l.account_id, -sum(l.fen)::bigint
    FROM ledger_journal j JOIN ledger_leg l ON l.centre_id = j.centre_id AND l.journal_id = j.id
    WHERE j.centre_id = p_centre AND j.kind = 'INTEREST_CLOSING' AND j.business_on >= p_since AND l.subject = 201
      AND NOT EXISTS (SELECT FROM ledger_journal r WHERE r.centre_id = j.centre_id AND r.reverses_id = j.id AND r.correction IN ('RED', 'SAME_DAY_REVERSAL'))
    GROUP BY l.account_id
$$;
REVOKE EXECUTE ON FUNCTION hpf_closing_interest FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hpf_closing_interest TO hpf_app;
