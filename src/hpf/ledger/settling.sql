-- 年度结息: one journal for each group (a unit), every interest-bearing account of the centre or none.
CREATE OR REPLACE FUNCTION hpf_settle_interest(
    p_centre smallint, p_key text, p_year integer, p_business_on date, p_payable bigint, p_maker text, p_checker text,
    p_accounts bigint[], p_groups bigint[], p_group_nos text[], p_interest bigint[]
) RETURNS integer LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
DECLARE v_journals integer; v_missing bigint; v_days integer := make_date(p_year + 2, 7, 1) - make_date(p_year + 1, 7, 1);
BEGIN
    PERFORM hpf_own_centre(p_centre);
    PERFORM pg_advisory_xact_lock(20260630, p_centre);
    IF NOT EXISTS (SELECT 1 FROM ledger_business_day WHERE centre_id = p_centre AND business_on = p_business_on AND state = 'OPEN') THEN
        RAISE EXCEPTION '会计日 % 未开或已结', p_business_on USING ERRCODE = 'HP005';
    END IF;
    CREATE TEMP TABLE settling ON COMMIT DROP AS
        SELECT a AS account_id, g AS group_id, n AS group_no, i AS interest
        FROM unnest(p_accounts, p_groups, p_group_nos, p_interest) AS u(a, g, n, i);
    CREATE UNIQUE INDEX ON settling (account_id);
    ANALYZE settling;
    SELECT min(a.id) INTO v_missing FROM ledger_account a LEFT JOIN settling s ON s.account_id = a.id
    WHERE a.centre_id = p_centre AND a.bears_interest AND a.closed_on IS NULL AND a.interest_year <= p_year
      AND (s.account_id IS NULL OR a.interest_year <> p_year);
    IF v_missing IS NOT NULL THEN
        RAISE EXCEPTION '结息漏户：分户账 % 未在结息清单内', v_missing
            USING ERRCODE = 'HP013', DETAIL = json_build_object('account_id', v_missing)::text;
    END IF;
    SELECT min(s.account_id) INTO v_missing FROM settling s LEFT JOIN ledger_account a
        ON a.id = s.account_id AND a.centre_id = p_centre AND a.bears_interest AND a.closed_on IS NULL AND a.interest_year = p_year
    WHERE a.id IS NULL OR s.interest < 0;
    IF v_missing IS NOT NULL THEN
        RAISE EXCEPTION '结息清单含有不应结息的分户账 %', v_missing
            USING ERRCODE = 'HP013', DETAIL = json_build_object('account_id', v_missing)::text;
    END IF;

    CREATE TEMP TABLE settling_leg ON COMMIT DROP AS
        SELECT s.group_id, s.account_id, 201 AS subject, -s.interest AS fen, -(s.interest + a.balance_fen - a.carried_fen) AS carried
        FROM settling s JOIN ledger_account a ON a.id = s.account_id
        WHERE s.interest <> 0 OR a.balance_fen <> a.carried_fen
        UNION ALL
        SELECT s.group_id, p_payable, (SELECT subject FROM ledger_account WHERE id = p_payable), sum(s.interest), 0
        FROM settling s GROUP BY s.group_id HAVING sum(s.interest) <> 0;
    ANALYZE settling_leg;
    INSERT INTO ledger_journal (centre_id, key, kind, template, business_on, value_on, source_kind, source_no, summary, maker, checker, lines)
    SELECT p_centre, p_key || ':' || l.group_id, 'INTEREST_SETTLEMENT', 'J18', p_business_on, p_business_on, 'INTEREST_YEAR',
           p_year || '/' || COALESCE(g.group_no, ''), p_year || '年度结息', p_maker, p_checker, count(*)
    FROM settling_leg l JOIN (SELECT group_id, min(group_no) AS group_no FROM settling GROUP BY group_id) g ON g.group_id = l.group_id
    GROUP BY l.group_id, g.group_no;
    GET DIAGNOSTICS v_journals = ROW_COUNT;
    INSERT INTO ledger_leg (centre_id, journal_id, line_no, subject, account_id, fen, carried_fen, value_on, business_on)
    SELECT p_centre, j.id, row_number() OVER (PARTITION BY j.id ORDER BY l.subject DESC, l.account_id), l.subject, l.account_id,
           l.fen, l.carried, p_business_on, p_business_on
    FROM settling_leg l JOIN ledger_journal j ON j.centre_id = p_centre AND j.key = p_key || ':' || l.group_id;
    UPDATE ledger_account a SET
        balance_fen = a.balance_fen + s.interest, carried_fen = a.balance_fen + s.interest, interest_year = p_year + 1,
        day_products = (a.balance_fen + s.interest) * v_days, month_products = (a.balance_fen + s.interest) * 12
    FROM settling s WHERE a.id = s.account_id;
    DROP TABLE settling; DROP TABLE settling_leg;
    RETURN v_journals;
END $$;

REVOKE EXECUTE ON FUNCTION hpf_settle_interest FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hpf_settle_interest TO hpf_app;
