-- 成批入账: moves the balances of a list in one statement, without locking and looking beforehand: what only receives is limited by
-- nothing, and what gives is not moved unless it has enough. True when every account was moved; otherwise all is taken back and the
-- list goes the way of every other journal. Only for accounts whose bucket (上年结转 or 当年归集) does not hang on their balance.
-- Rows are reached in id order as a rule; should a plan take another, two lists that share accounts can deadlock: PostgreSQL ends
-- one, and `apply_receipts` takes its lists one by one.
CREATE OR REPLACE FUNCTION hpf_move_list(p_centre smallint, p_accounts bigint[], p_fens bigint[], p_value_on date) RETURNS boolean
LANGUAGE plpgsql SET search_path = public AS $$
DECLARE v_all boolean;
BEGIN
    WITH given AS MATERIALIZED (
        SELECT a.id, a.keeps_balance, u.f AS fen,
               CASE WHEN a.bears_interest AND p_value_on < make_date(a.interest_year, 7, 1) THEN u.f ELSE 0 END AS carried
        FROM unnest(p_accounts, p_fens) AS u(a, f) JOIN ledger_account a ON a.id = u.a
        WHERE a.centre_id = p_centre AND a.closed_on IS NULL
    ), moved AS MATERIALIZED (
        SELECT id, sum(fen)::bigint AS fen, sum(carried)::bigint AS carried FROM given WHERE keeps_balance GROUP BY id ORDER BY id
    ), changed AS (
        UPDATE ledger_account a SET
            balance_fen = a.balance_fen + a.normal_side * m.fen,
            carried_fen = a.carried_fen + a.normal_side * m.carried,
            day_products = a.day_products + a.normal_side * COALESCE(m.fen * hpf_day_weight(p_value_on, a.interest_year), 0),
            month_products = a.month_products + a.normal_side * COALESCE(m.fen * hpf_month_weight(p_value_on, a.interest_year), 0)
        FROM moved m
        WHERE a.id = m.id AND a.closed_on IS NULL AND NOT (a.bears_interest AND p_value_on >= make_date(a.interest_year + 1, 7, 1))
          AND (a.normal_side * m.fen >= 0 OR (NOT a.bears_interest AND a.balance_fen + a.normal_side * m.fen >= a.held_fen + a.frozen_fen))
        RETURNING a.id
    )
    SELECT (SELECT count(*) FROM given) = cardinality(p_accounts) AND (SELECT count(*) FROM moved) = (SELECT count(*) FROM changed) INTO v_all;
    IF NOT v_all THEN
        RAISE EXCEPTION '成批分录没有全部记入' USING ERRCODE = 'HP016';
    END IF;
    RETURN true;
EXCEPTION WHEN SQLSTATE 'HP016' THEN
    RETURN false;
END $$;
REVOKE EXECUTE ON FUNCTION hpf_move_list FROM PUBLIC;

-- Locks what a journal moves and refuses it where an account is closed, another centre's, too poor, or of a year not yet settled.
CREATE OR REPLACE FUNCTION hpf_lock_and_look(p_centre smallint, p_accounts bigint[], p_fens bigint[], p_last_value_on date) RETURNS void
LANGUAGE plpgsql SET search_path = public AS $$
DECLARE v_found record;
BEGIN
    -- Running accounts are locked, in id order, and read as they are once locked; the others (a bank account under all
    -- postings of its centre) are read only.
    WITH moved AS MATERIALIZED (
        SELECT u.a AS id, sum(u.f) AS moved FROM unnest(p_accounts, p_fens) AS u(a, f) GROUP BY u.a
    ), locked AS MATERIALIZED (
        SELECT id, centre_id, closed_on, keeps_balance, bears_interest, interest_year, normal_side, balance_fen, held_fen, frozen_fen
        FROM ledger_account WHERE id = ANY (p_accounts) AND keeps_balance ORDER BY id FOR NO KEY UPDATE
    ), every AS (
        SELECT * FROM locked
        UNION ALL
        SELECT a.id, a.centre_id, a.closed_on, a.keeps_balance, a.bears_interest, a.interest_year, a.normal_side, a.balance_fen, a.held_fen, a.frozen_fen
        FROM moved m JOIN ledger_account a ON a.id = m.id WHERE NOT EXISTS (SELECT FROM locked k WHERE k.id = m.id)
    )
    SELECT count(*) AS accounts, (SELECT count(*) FROM moved) AS asked,
           min(l.id) FILTER (WHERE l.closed_on IS NOT NULL) AS closed,
           min(l.id) FILTER (WHERE l.centre_id <> p_centre) AS foreign_account,
           min(l.id) FILTER (WHERE l.keeps_balance AND l.balance_fen + l.normal_side * m.moved < l.held_fen + l.frozen_fen
                                    AND l.normal_side * m.moved < 0) AS short,
           min(l.id) FILTER (WHERE l.bears_interest AND p_last_value_on >= make_date(l.interest_year + 1, 7, 1)) AS unsettled
    INTO v_found
    FROM every l JOIN moved m ON m.id = l.id;
    IF v_found.accounts <> v_found.asked OR v_found.foreign_account IS NOT NULL THEN
        RAISE EXCEPTION '分录指向本中心不存在的分户账' USING ERRCODE = 'HP002';
    ELSIF v_found.closed IS NOT NULL THEN
        RAISE EXCEPTION '分户账 % 已销户，不能记账', v_found.closed
            USING ERRCODE = 'HP007', DETAIL = json_build_object('account_id', v_found.closed)::text;
    ELSIF v_found.short IS NOT NULL THEN
        RAISE EXCEPTION '分户账 % 可用余额不足', v_found.short
            USING ERRCODE = 'HP008', DETAIL = (SELECT json_build_object('account_id', a.id, 'balance_fen', a.balance_fen,
                'held_fen', a.held_fen, 'asked_fen', (SELECT -a.normal_side * sum(u.f) FROM unnest(p_accounts, p_fens) AS u(a, f) WHERE u.a = v_found.short))::text
                FROM ledger_account a WHERE a.id = v_found.short);
    ELSIF v_found.unsettled IS NOT NULL THEN
        RAISE EXCEPTION '分户账 % 上一结息年度尚未结息，不能记入起息日 %', v_found.unsettled, p_last_value_on USING ERRCODE = 'HP009';
    END IF;
END $$;
REVOKE EXECUTE ON FUNCTION hpf_lock_and_look FROM PUBLIC;

-- 记账: one round trip. Locks the running accounts in id order, checks holds and freezes, writes journal and legs, moves balances.
-- Before that it takes its share of the centre's day (advisory lock 20260630): who closes or opens the day wants all of it, so no
-- posting is under way while a day changes.
-- Buckets: p_carried says them. NULL, of one leg or of all, means: a credit is 当年归集, a debit takes the bucket named by p_carried_first first.
-- What is dated before the running interest year (a late entry, a red one) is 上年结转: 30 June has carried it over. A
-- reversal wants the bucket its wrong leg had; a debit never takes more of a bucket than is in it.
CREATE OR REPLACE FUNCTION hpf_post(
    p_centre smallint, p_key text, p_kind text, p_template text, p_correction text, p_business_on date, p_value_on date,
    p_source_kind text, p_source_no text, p_summary text, p_maker text, p_checker text, p_reverses bigint,
    p_accounts bigint[], p_fens bigint[], p_carried bigint[], p_values date[], p_carried_first boolean
) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
DECLARE
    v_lines integer := cardinality(p_accounts);
    v_open date;
    v_journal bigint;
    v_shift date := COALESCE((SELECT max(v) FROM unnest(p_values) v), p_value_on);
    v_moved boolean := false;
BEGIN
    PERFORM hpf_own_centre(p_centre);
    IF v_lines IS NULL OR v_lines < 1 OR v_lines <> cardinality(p_fens) OR (p_carried IS NOT NULL AND v_lines <> cardinality(p_carried))
       OR (p_values IS NOT NULL AND v_lines <> cardinality(p_values)) THEN
        RAISE EXCEPTION '分录数组长度不一致' USING ERRCODE = 'HP004';
    END IF;
    PERFORM pg_advisory_xact_lock_shared(20260630, p_centre);
    SELECT business_on INTO v_open FROM ledger_business_day WHERE centre_id = p_centre AND state = 'OPEN';
    IF v_open IS DISTINCT FROM p_business_on THEN
        RAISE EXCEPTION '会计日 % 未开或已结，当前会计日为 %', p_business_on, COALESCE(v_open::text, '无') USING ERRCODE = 'HP005';
    END IF;
    IF v_shift > p_business_on THEN
        RAISE EXCEPTION '起息日 % 晚于会计日 %', v_shift, p_business_on USING ERRCODE = 'HP006';
    END IF;

    IF v_lines >= 100 AND p_carried IS NULL AND p_values IS NULL AND p_reverses IS NULL AND NOT EXISTS (
        SELECT FROM unnest(p_accounts, p_fens) AS u(a, f) JOIN ledger_account a ON a.id = u.a WHERE u.f > 0 AND a.bears_interest
    ) THEN
        v_moved := hpf_move_list(p_centre, p_accounts, p_fens, p_value_on);
    END IF;
    IF NOT v_moved THEN
        PERFORM hpf_lock_and_look(p_centre, p_accounts, p_fens, v_shift);
    END IF;

    -- The head is written after the accounts are locked: it says when the money moved, not when somebody began to wait for it.
    INSERT INTO ledger_journal (centre_id, key, kind, template, correction, business_on, value_on, source_kind, source_no,
                                summary, maker, checker, reverses_id, lines)
    VALUES (p_centre, p_key, p_kind, p_template, p_correction, p_business_on, p_value_on, p_source_kind, p_source_no,
            p_summary, p_maker, p_checker, p_reverses, v_lines)
    RETURNING id INTO v_journal;

    IF v_moved THEN
        INSERT INTO ledger_leg (centre_id, journal_id, line_no, subject, account_id, fen, carried_fen, value_on, business_on)
        SELECT p_centre, v_journal, u.n::integer, a.subject, a.id, u.f,
               CASE WHEN a.bears_interest AND p_value_on < make_date(a.interest_year, 7, 1) THEN u.f ELSE 0 END, p_value_on, p_business_on
        FROM unnest(p_accounts, p_fens) WITH ORDINALITY AS u(a, f, n) JOIN ledger_account a ON a.id = u.a;
        RETURN v_journal;
    END IF;

    WITH given AS MATERIALIZED (
        SELECT u.n::integer AS line_no, a.id, a.subject, a.normal_side, a.bears_interest, a.keeps_balance, a.interest_year, u.f AS fen,
               CASE WHEN NOT a.bears_interest THEN 0
                    WHEN u.c IS NOT NULL AND p_reverses IS NULL THEN u.c
                    WHEN u.f < 0 THEN w.wanted
                    ELSE least(a.carried_fen, greatest(w.wanted, u.f - (a.balance_fen - a.carried_fen))) END AS carried,
               COALESCE(u.v, p_value_on) AS value_on
        FROM unnest(p_accounts, p_fens, COALESCE(p_carried, ARRAY[]::bigint[]), COALESCE(p_values, ARRAY[]::date[])) WITH ORDINALITY AS u(a, f, c, v, n)
        JOIN ledger_account a ON a.id = u.a
        CROSS JOIN LATERAL (SELECT CASE WHEN COALESCE(u.v, p_value_on) < make_date(a.interest_year, 7, 1) THEN u.f
                                        WHEN u.c IS NOT NULL THEN u.c
                                        WHEN u.f > 0 AND p_carried_first THEN u.f ELSE 0 END AS wanted) w
    ), written AS (
        INSERT INTO ledger_leg (centre_id, journal_id, line_no, subject, account_id, fen, carried_fen, value_on, business_on)
        SELECT p_centre, v_journal, line_no, subject, id, fen, carried, value_on, p_business_on FROM given
    )
    UPDATE ledger_account a SET
        balance_fen = a.balance_fen + a.normal_side * m.fen,
        carried_fen = a.carried_fen + a.normal_side * m.carried,
        day_products = a.day_products + a.normal_side * m.days,
        month_products = a.month_products + a.normal_side * m.months
    FROM (SELECT id, sum(fen) AS fen, sum(carried) AS carried,
                 COALESCE(sum(fen * hpf_day_weight(value_on, interest_year)), 0) AS days,
                 COALESCE(sum(fen * hpf_month_weight(value_on, interest_year)), 0) AS months
          FROM given WHERE keeps_balance GROUP BY id) m
    WHERE a.id = m.id;
    RETURN v_journal;
END $$;

REVOKE EXECUTE ON FUNCTION hpf_post FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hpf_post TO hpf_app;
