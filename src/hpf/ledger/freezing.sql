-- 查控冻结: orders about an account, in the order of their arrival. An order may name more than there is, or the whole account
-- with what comes later; what it keeps is therefore no figure but follows from the balance and the orders before it:
--
--     kept(k) = what lies between 0 and the order's amount of: balance - holds - amounts of the orders before k
--
-- The account carries only the sum of what open orders name. Credits always post; a debit must leave holds and that sum.

ALTER TABLE ledger_account ADD COLUMN frozen_fen bigint NOT NULL DEFAULT 0;
ALTER TABLE ledger_account ADD CONSTRAINT ledger_frozen_where_balances_run CHECK (frozen_fen >= 0 AND (frozen_fen = 0 OR keeps_balance));
COMMENT ON COLUMN ledger_account.held_fen IS '占用额（分）';
COMMENT ON COLUMN ledger_account.frozen_fen IS '未解除冻结指令所定金额之和（分）；全额冻结按万亿元计';

CREATE TABLE ledger_freeze (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    centre_id  smallint NOT NULL,
    account_id bigint   NOT NULL REFERENCES ledger_account,
    fen        bigint   CHECK (fen > 0),
    taken_fen  bigint   NOT NULL DEFAULT 0 CHECK (taken_fen >= 0 AND (fen IS NULL OR taken_fen <= fen)),
    reference  text     NOT NULL,
    placed_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
    lifted_at  timestamptz,
    CONSTRAINT ledger_freeze_spent_is_lifted CHECK (lifted_at IS NOT NULL OR fen IS NULL OR taken_fen < fen)
);
CREATE INDEX ledger_freeze_open ON ledger_freeze (account_id, id) WHERE lifted_at IS NULL;
COMMENT ON TABLE ledger_freeze IS '冻结指令：按到达次序';
COMMENT ON COLUMN ledger_freeze.fen IS '所定金额（分）；空为全额冻结，含后续收入';
COMMENT ON COLUMN ledger_freeze.taken_fen IS '已扣划金额（分）';

-- What an open order still names; the whole account counts as more than any account can have.
CREATE FUNCTION hpf_ordered(p_fen bigint, p_taken bigint) RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$ SELECT COALESCE(p_fen - p_taken, 1000000000000000) $$;

-- The account's row, locked. The day's lock is shared first, as in every posting, so that freezing and deducting in one
-- transaction waits for a settlement or a day's end before it holds a row that they want.
CREATE FUNCTION hpf_lock_for_freeze(p_account bigint) RETURNS ledger_account LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
DECLARE v ledger_account;
BEGIN
    SELECT * INTO v FROM ledger_account WHERE id = p_account;
    PERFORM hpf_own_centre(v.centre_id);
    PERFORM pg_advisory_xact_lock_shared(20260630, v.centre_id);
    SELECT * INTO v FROM ledger_account WHERE id = p_account FOR NO KEY UPDATE;
    RETURN v;
END $$;

CREATE FUNCTION hpf_count_frozen(p_account bigint) RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = public AS $$
    UPDATE ledger_account SET frozen_fen = COALESCE((SELECT sum(hpf_ordered(f.fen, f.taken_fen)) FROM ledger_freeze f
                                                    WHERE f.account_id = p_account AND f.lifted_at IS NULL), 0)
    WHERE id = p_account
$$;

-- p_fen NULL: the whole account with what comes later.
CREATE FUNCTION hpf_place_freeze(p_account bigint, p_fen bigint, p_reference text) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
DECLARE v ledger_account; v_freeze bigint;
BEGIN
    v := hpf_lock_for_freeze(p_account);
    IF v.closed_on IS NOT NULL THEN
        RAISE EXCEPTION '分户账 % 已销户', p_account USING ERRCODE = 'HP007', DETAIL = json_build_object('account_id', p_account)::text;
    END IF;
    INSERT INTO ledger_freeze (centre_id, account_id, fen, reference) VALUES (v.centre_id, p_account, p_fen, p_reference) RETURNING id INTO v_freeze;
    PERFORM hpf_count_frozen(p_account);
    RETURN v_freeze;
END $$;

-- p_left NULL: lifted altogether. Otherwise the order keeps its place and names this much from now on, never more than before.
CREATE FUNCTION hpf_lift_freeze(p_freeze bigint, p_left bigint) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
DECLARE v_account bigint; v ledger_freeze;
BEGIN
    SELECT account_id INTO v_account FROM ledger_freeze WHERE id = p_freeze;
    PERFORM hpf_lock_for_freeze(v_account);
    SELECT * INTO v FROM ledger_freeze WHERE id = p_freeze;
    IF v.id IS NULL OR v.lifted_at IS NOT NULL OR p_left <= 0 OR p_left >= hpf_ordered(v.fen, v.taken_fen) THEN
        RETURN false;
    END IF;
    UPDATE ledger_freeze SET fen = CASE WHEN p_left IS NULL THEN fen ELSE taken_fen + p_left END,
                             lifted_at = CASE WHEN p_left IS NULL THEN clock_timestamp() END
    WHERE id = p_freeze;
    PERFORM hpf_count_frozen(v_account);
    RETURN true;
END $$;

-- 扣划: what order p_freeze keeps, or a part of it, goes to p_to, an account set up for it. Only holds and the orders before it
-- stand against this debit; the sum on the account says so while the journal is posted, and is counted anew after.
CREATE FUNCTION hpf_deduct(
    p_freeze bigint, p_fen bigint, p_to bigint, p_key text, p_kind text, p_template text, p_business_on date,
    p_source_kind text, p_source_no text, p_summary text, p_maker text, p_checker text, p_carried_first boolean
) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
DECLARE v_account bigint; v ledger_account; v_order ledger_freeze; v_before bigint; v_kept bigint; v_journal bigint;
BEGIN
    SELECT account_id INTO v_account FROM ledger_freeze WHERE id = p_freeze;
    v := hpf_lock_for_freeze(v_account);
    SELECT * INTO v_order FROM ledger_freeze WHERE id = p_freeze;
    SELECT COALESCE(sum(hpf_ordered(fen, taken_fen)), 0) INTO v_before FROM ledger_freeze
    WHERE account_id = v_account AND lifted_at IS NULL AND id < p_freeze;
    v_kept := CASE WHEN v_order.lifted_at IS NULL
                   THEN greatest(0, least(hpf_ordered(v_order.fen, v_order.taken_fen), v.balance_fen - v.held_fen - v_before)) ELSE 0 END;
    IF v_order.id IS NULL OR p_fen <= 0 OR p_fen > v_kept THEN
        RAISE EXCEPTION '冻结指令 % 现冻结 % 分，不足以扣划 % 分', p_freeze, v_kept, p_fen
            USING ERRCODE = 'HP014', DETAIL = json_build_object('account_id', v_account, 'kept_fen', v_kept, 'asked_fen', p_fen)::text;
    END IF;
    UPDATE ledger_account SET frozen_fen = v_before WHERE id = v_account;
    v_journal := hpf_post(v.centre_id, p_key, p_kind, p_template, 'NORMAL', p_business_on, p_business_on, p_source_kind, p_source_no,
                          p_summary, p_maker, p_checker, NULL, ARRAY[v_account, p_to], ARRAY[p_fen, -p_fen], NULL, NULL, p_carried_first);
    UPDATE ledger_freeze SET taken_fen = taken_fen + p_fen,
                             lifted_at = CASE WHEN fen = taken_fen + p_fen THEN clock_timestamp() END
    WHERE id = p_freeze;
    PERFORM hpf_count_frozen(v_account);
    RETURN v_journal;
END $$;

-- 占用 and 销户 as before, with the orders counted.
CREATE OR REPLACE FUNCTION hpf_place_hold(p_account bigint, p_fen bigint, p_kind text, p_reference text) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
DECLARE v ledger_account; v_hold bigint;
BEGIN
    SELECT * INTO v FROM ledger_account WHERE id = p_account FOR NO KEY UPDATE;
    PERFORM hpf_own_centre(v.centre_id);
    IF v.balance_fen - v.held_fen - v.frozen_fen < p_fen OR v.closed_on IS NOT NULL THEN
        RAISE EXCEPTION '分户账 % 可用余额不足', p_account USING ERRCODE = 'HP008',
            DETAIL = json_build_object('account_id', p_account, 'balance_fen', v.balance_fen, 'held_fen', v.held_fen, 'asked_fen', p_fen)::text;
    END IF;
    INSERT INTO ledger_hold (centre_id, account_id, fen, kind, reference) VALUES (v.centre_id, p_account, p_fen, p_kind, p_reference)
    RETURNING id INTO v_hold;
    UPDATE ledger_account SET held_fen = held_fen + p_fen WHERE id = p_account;
    RETURN v_hold;
END $$;

CREATE OR REPLACE FUNCTION hpf_close_account(p_account bigint, p_on date) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
DECLARE v ledger_account;
BEGIN
    SELECT * INTO v FROM ledger_account WHERE id = p_account FOR NO KEY UPDATE;
    PERFORM hpf_own_centre(v.centre_id);
    IF v.balance_fen <> 0 OR v.held_fen <> 0 OR v.frozen_fen <> 0 THEN
        RAISE EXCEPTION '分户账 % 尚有余额或未了事项，不能销户', p_account USING ERRCODE = 'HP011';
    END IF;
    UPDATE ledger_account SET closed_on = p_on WHERE id = p_account AND closed_on IS NULL;
END $$;

REVOKE EXECUTE ON FUNCTION hpf_lock_for_freeze, hpf_count_frozen, hpf_place_freeze, hpf_lift_freeze, hpf_deduct, hpf_place_hold, hpf_close_account
    FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hpf_place_freeze, hpf_lift_freeze, hpf_deduct, hpf_place_hold, hpf_close_account TO hpf_app;
