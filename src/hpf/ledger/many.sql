-- 成批支取: many single debits at once, each against a new account of its own, each a journal of its own. What one account cannot
-- give is told and left; the others go on. Locks the accounts in id order, then writes by one statement.
--
-- Accounts and journals get their numbers beforehand, so that nothing has to be joined by what an INSERT gives back. The new
-- accounts are born with their money: nobody can know of them before this transaction ends.
CREATE OR REPLACE FUNCTION hpf_post_each(
    p_centre smallint, p_keys text[], p_kind text, p_template text, p_business_on date, p_source_kind text, p_source_nos text[],
    p_summaries text[], p_makers text[], p_checker text, p_accounts bigint[], p_fens bigint[], p_subject integer, p_owner_kind text,
    p_owners bigint[], p_carried_first boolean
) RETURNS TABLE (line integer, new_account bigint, journal bigint, refusal text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
DECLARE
    v_lines integer := cardinality(p_accounts);
    v_open date;
    v_refusals text[];
    v_accounts regclass := pg_get_serial_sequence('ledger_account', 'id');
    v_journals regclass := pg_get_serial_sequence('ledger_journal', 'id');
BEGIN
    PERFORM hpf_own_centre(p_centre);
    IF v_lines IS NULL OR v_lines < 1 OR v_lines <> ALL (ARRAY[cardinality(p_keys), cardinality(p_source_nos), cardinality(p_summaries),
           cardinality(p_makers), cardinality(p_fens), cardinality(p_owners)])
       OR EXISTS (SELECT FROM unnest(p_fens) f WHERE f <= 0)
       OR (SELECT count(DISTINCT a) FROM unnest(p_accounts) a) <> v_lines THEN
        RAISE EXCEPTION '成批支取的各列长度不一致，或者有金额不为正、分户账重复' USING ERRCODE = 'HP004';
    END IF;
    PERFORM pg_advisory_xact_lock_shared(20260630, p_centre);
    SELECT business_on INTO v_open FROM ledger_business_day WHERE centre_id = p_centre AND state = 'OPEN';
    IF v_open IS DISTINCT FROM p_business_on THEN
        RAISE EXCEPTION '会计日 % 未开或已结，当前会计日为 %', p_business_on, COALESCE(v_open::text, '无') USING ERRCODE = 'HP005';
    END IF;

    WITH locked AS MATERIALIZED (
        SELECT id, centre_id, closed_on, keeps_balance, bears_interest, interest_year, normal_side, balance_fen, held_fen, frozen_fen
        FROM ledger_account WHERE id = ANY (p_accounts) ORDER BY id FOR NO KEY UPDATE
    )
    SELECT array_agg(CASE WHEN l.id IS NULL OR l.centre_id <> p_centre OR NOT l.keeps_balance OR l.normal_side <> -1 THEN 'NO_SUCH_ACCOUNT'
                          WHEN l.closed_on IS NOT NULL THEN 'ACCOUNT_CLOSED'
                          WHEN l.balance_fen - u.f < l.held_fen + l.frozen_fen THEN 'INSUFFICIENT_BALANCE'
                          WHEN l.bears_interest AND p_business_on >= make_date(l.interest_year + 1, 7, 1) THEN 'INTEREST_YEAR_NOT_SETTLED'
                     END ORDER BY u.n)
    INTO v_refusals
    FROM unnest(p_accounts, p_fens) WITH ORDINALITY AS u(a, f, n) LEFT JOIN locked l ON l.id = u.a;

    RETURN QUERY
    WITH given AS MATERIALIZED (
        SELECT u.n::integer AS n, u.key, u.source_no, u.summary, u.maker, u.owner, u.f AS fen, a.id, a.subject, a.interest_year, a.bears_interest,
               CASE WHEN NOT a.bears_interest THEN 0
                    ELSE least(a.carried_fen, greatest(CASE WHEN p_carried_first THEN u.f ELSE 0 END, u.f - (a.balance_fen - a.carried_fen)))
               END AS carried,
               nextval(v_accounts) AS to_id, nextval(v_journals) AS journal_id
        FROM unnest(p_accounts, p_fens, p_keys, p_source_nos, p_summaries, p_makers, p_owners, v_refusals) WITH ORDINALITY
             AS u(a, f, key, source_no, summary, maker, owner, refusal, n)
        JOIN ledger_account a ON a.id = u.a
        WHERE u.refusal IS NULL
    ), opened AS (
        INSERT INTO ledger_account (id, centre_id, subject, owner_kind, owner_id, normal_side, keeps_balance, bears_interest, balance_fen, opened_on)
        OVERRIDING SYSTEM VALUE
        SELECT g.to_id, p_centre, p_subject, p_owner_kind, g.owner, s.normal_side, s.keeps_balance, false, -s.normal_side * g.fen, p_business_on
        FROM given g JOIN ledger_subject s ON s.code = p_subject AND s.is_leaf AND s.keeps_balance AND NOT s.bears_interest
    ), heads AS (
        INSERT INTO ledger_journal (id, centre_id, key, kind, template, business_on, value_on, source_kind, source_no, summary, maker, checker, lines)
        OVERRIDING SYSTEM VALUE
        SELECT g.journal_id, p_centre, g.key, p_kind, p_template, p_business_on, p_business_on, p_source_kind, g.source_no, g.summary, g.maker,
               p_checker, 2 FROM given g
    ), written AS (
        INSERT INTO ledger_leg (centre_id, journal_id, line_no, subject, account_id, fen, carried_fen, value_on, business_on)
        SELECT p_centre, p.journal_id, 1, p.subject, p.id, p.fen, p.carried, p_business_on, p_business_on FROM given p
        UNION ALL SELECT p_centre, p.journal_id, 2, p_subject, p.to_id, -p.fen, 0, p_business_on, p_business_on FROM given p
    ), moved AS (
        UPDATE ledger_account a SET
            balance_fen = a.balance_fen - p.fen,
            carried_fen = a.carried_fen - p.carried,
            day_products = a.day_products - CASE WHEN p.bears_interest THEN p.fen * hpf_day_weight(p_business_on, p.interest_year) ELSE 0 END,
            month_products = a.month_products - CASE WHEN p.bears_interest THEN p.fen * hpf_month_weight(p_business_on, p.interest_year) ELSE 0 END
        FROM given p WHERE a.id = p.id
    )
    SELECT u.n::integer, p.to_id, p.journal_id, u.refusal
    FROM unnest(v_refusals) WITH ORDINALITY AS u(refusal, n) LEFT JOIN given p ON p.n = u.n ORDER BY u.n;
END $$;

REVOKE EXECUTE ON FUNCTION hpf_post_each FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hpf_post_each TO hpf_app;
