-- 依次: who draws from one account lines up at a door of the account's own before asking for its row. Whoever has to come first,
-- a court's order, goes to the row directly and waits for one transaction, not for all that are lined up.
--
-- The line is courtesy, not a guard: what guards is the row's lock inside hpf_post. Who has waited half a second (or holds the
-- row already, having posted interest to it in the same transaction) goes in without, so no deadlock can come of it.
CREATE FUNCTION hpf_post_in_turn(
    p_centre smallint, p_key text, p_kind text, p_template text, p_correction text, p_business_on date, p_value_on date,
    p_source_kind text, p_source_no text, p_summary text, p_maker text, p_checker text, p_reverses bigint,
    p_accounts bigint[], p_fens bigint[], p_carried bigint[], p_values date[], p_carried_first boolean
) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
DECLARE v_timeout text := current_setting('lock_timeout');
BEGIN
    PERFORM hpf_own_centre(p_centre);
    BEGIN
        PERFORM set_config('lock_timeout', '500ms', true);
        PERFORM pg_advisory_xact_lock(-d.id)
        FROM (SELECT a.id FROM unnest(p_accounts, p_fens) AS u(a, f) JOIN ledger_account a ON a.id = u.a
              WHERE u.f > 0 AND a.bears_interest ORDER BY a.id) d;
    EXCEPTION WHEN lock_not_available THEN
        NULL;
    END;
    PERFORM set_config('lock_timeout', v_timeout, true);
    RETURN hpf_post(p_centre, p_key, p_kind, p_template, p_correction, p_business_on, p_value_on, p_source_kind, p_source_no, p_summary,
                    p_maker, p_checker, p_reverses, p_accounts, p_fens, p_carried, p_values, p_carried_first);
END $$;

REVOKE EXECUTE ON FUNCTION hpf_post_in_turn FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hpf_post_in_turn TO hpf_app;
