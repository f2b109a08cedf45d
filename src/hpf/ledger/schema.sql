-- 总账. All legs of a journal go in by one statement; nobody, not even the owner, changes a posted row.
-- The application role reads these tables and writes them only through functions: `hpf_post` and its helpers (posting.sql), the same
-- for many journals (many.sql), interest (settling.sql), courts' orders (freezing.sql), and the few below. What each table refuses
-- stands with it: CHECKs here, triggers under "balanced" and "append_only"; `hpf_refuse_change` itself is in db/schema.sql, as other
-- modules use it too. Which centre's rows a session sees is row-level security, switched on in migrations/0001 (EnableCentreSecurity).

CREATE TABLE ledger_subject (
    code          integer PRIMARY KEY,
    name          text     NOT NULL,
    class         text     NOT NULL,
    normal_side   smallint NOT NULL CHECK (normal_side IN (1, -1)),
    is_leaf       boolean  NOT NULL,
    keeps_balance boolean  NOT NULL DEFAULT false,
    bears_interest boolean NOT NULL DEFAULT false
);
COMMENT ON TABLE ledger_subject IS '会计科目';
COMMENT ON COLUMN ledger_subject.normal_side IS '余额方向：1 借，-1 贷';
COMMENT ON COLUMN ledger_subject.keeps_balance IS '是否逐笔保持余额（余额受限的科目）';

CREATE TABLE ledger_business_day (
    centre_id   smallint NOT NULL,
    business_on date     NOT NULL,
    state       text     NOT NULL CHECK (state IN ('OPEN', 'CLOSED')),
    opened_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
    closed_at   timestamptz,
    PRIMARY KEY (centre_id, business_on)
);
CREATE UNIQUE INDEX ledger_one_open_day ON ledger_business_day (centre_id) WHERE state = 'OPEN';
COMMENT ON TABLE ledger_business_day IS '会计日：每中心同时只开一天';

CREATE TABLE ledger_account (
    id             bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    centre_id      smallint NOT NULL,
    subject        integer  NOT NULL REFERENCES ledger_subject,
    owner_kind     text     NOT NULL,
    owner_id       bigint   NOT NULL,
    normal_side    smallint NOT NULL,
    keeps_balance  boolean  NOT NULL,
    bears_interest boolean  NOT NULL,
    balance_fen    bigint   NOT NULL DEFAULT 0,
    balance_on     date,
    held_fen       bigint   NOT NULL DEFAULT 0 CHECK (held_fen >= 0),
    carried_fen    bigint   NOT NULL DEFAULT 0,
    interest_year  smallint,
    day_products   bigint   NOT NULL DEFAULT 0,
    month_products bigint   NOT NULL DEFAULT 0,
    opened_on      date     NOT NULL,
    closed_on      date,
    CONSTRAINT ledger_account_owner UNIQUE (centre_id, subject, owner_kind, owner_id),
    CONSTRAINT ledger_balance_covers_holds CHECK (NOT keeps_balance OR balance_fen >= held_fen),
    CONSTRAINT ledger_buckets_within_balance CHECK (NOT bears_interest OR (carried_fen >= 0 AND carried_fen <= balance_fen)),
    CONSTRAINT ledger_closed_is_empty CHECK (closed_on IS NULL OR NOT keeps_balance OR balance_fen = 0)
) WITH (fillfactor = 80);
CREATE INDEX ledger_account_of_owner ON ledger_account (owner_kind, owner_id);
COMMENT ON TABLE ledger_account IS '分户账';
COMMENT ON COLUMN ledger_account.balance_fen IS '余额（分，按余额方向为正）；不逐笔保持余额的科目为截至 balance_on 日终的数';
COMMENT ON COLUMN ledger_account.carried_fen IS '上年结转余额（分）';
COMMENT ON COLUMN ledger_account.day_products IS '本结息年度积数（分·天，算至年度末）';
COMMENT ON COLUMN ledger_account.month_products IS '本结息年度月积数（分·月，算至年度末）';

CREATE TABLE ledger_journal (
    id          bigint GENERATED ALWAYS AS IDENTITY,
    centre_id   smallint NOT NULL,
    key         text     NOT NULL,
    kind        text     NOT NULL,
    template    text     NOT NULL,
    correction  text     NOT NULL DEFAULT 'NORMAL' CHECK (correction IN ('NORMAL', 'SAME_DAY_REVERSAL', 'RED', 'BLUE')),
    business_on date     NOT NULL,
    value_on    date     NOT NULL,
    recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    source_kind text     NOT NULL,
    source_no   text     NOT NULL,
    summary     text     NOT NULL,
    maker       text     NOT NULL,
    checker     text,
    reverses_id bigint,
    lines       integer  NOT NULL CHECK (lines >= 1),
    PRIMARY KEY (id),
    CONSTRAINT ledger_journal_key UNIQUE (centre_id, key),
    CONSTRAINT ledger_maker_is_not_checker CHECK (checker IS NULL OR checker <> maker)
);
CREATE INDEX ledger_journal_day ON ledger_journal (centre_id, business_on, kind);
CREATE INDEX ledger_journal_source ON ledger_journal (source_kind, source_no);
CREATE UNIQUE INDEX ledger_reversed_once ON ledger_journal (centre_id, reverses_id) WHERE correction IN ('RED', 'SAME_DAY_REVERSAL');
COMMENT ON TABLE ledger_journal IS '记账凭证分录头：一笔业务一张';

CREATE TABLE ledger_leg (
    centre_id   smallint NOT NULL,
    journal_id  bigint   NOT NULL,
    line_no     integer  NOT NULL,
    subject     integer  NOT NULL,
    account_id  bigint   NOT NULL,
    fen         bigint   NOT NULL,
    carried_fen bigint   NOT NULL DEFAULT 0,
    value_on    date     NOT NULL,
    business_on date     NOT NULL,
    PRIMARY KEY (centre_id, journal_id, line_no),
    CONSTRAINT ledger_leg_moves_something CHECK (fen <> 0 OR carried_fen <> 0)
) PARTITION BY LIST (centre_id);
CREATE INDEX ledger_leg_account ON ledger_leg (account_id, business_on);
CREATE INDEX ledger_leg_day ON ledger_leg USING brin (business_on) WITH (pages_per_range = 32, autosummarize = on);
COMMENT ON TABLE ledger_leg IS '分录：借为正，贷为负（分）';
COMMENT ON COLUMN ledger_leg.carried_fen IS '其中上年结转部分（分）；其余为当年归集';

DO $$ BEGIN
    FOR centre IN 1..16 LOOP
        EXECUTE format('CREATE TABLE ledger_leg_%s PARTITION OF ledger_leg FOR VALUES IN (%s)', centre, centre);
    END LOOP;
END $$;

CREATE TABLE ledger_hold (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    centre_id   smallint NOT NULL,
    account_id  bigint   NOT NULL REFERENCES ledger_account,
    fen         bigint   NOT NULL CHECK (fen > 0),
    kind        text     NOT NULL,
    reference   text     NOT NULL,
    placed_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
    released_at timestamptz
);
CREATE INDEX ledger_hold_active ON ledger_hold (account_id) WHERE released_at IS NULL;
COMMENT ON TABLE ledger_hold IS '冻结额与占用额';

CREATE TABLE ledger_day (
    centre_id   smallint NOT NULL,
    business_on date     NOT NULL,
    subject     integer  NOT NULL,
    opening_fen bigint   NOT NULL,
    debit_fen   bigint   NOT NULL,
    credit_fen  bigint   NOT NULL,
    closing_fen bigint   NOT NULL,
    PRIMARY KEY (centre_id, business_on, subject),
    CHECK (opening_fen + debit_fen - credit_fen = closing_fen)
);
COMMENT ON TABLE ledger_day IS '科目日余额：借方为正（分）';

CREATE TABLE ledger_voucher (
    centre_id   smallint NOT NULL,
    month       integer  NOT NULL,
    number      integer  NOT NULL,
    business_on date     NOT NULL,
    kind        text     NOT NULL,
    template    text     NOT NULL,
    journals    integer  NOT NULL,
    debit_fen   bigint   NOT NULL,
    maker       text     NOT NULL,
    booked_by   text     NOT NULL CHECK (booked_by <> maker),
    PRIMARY KEY (centre_id, month, number),
    UNIQUE (centre_id, business_on, kind, template)
);
COMMENT ON TABLE ledger_voucher IS '记账凭证：按日、业务、分录模板汇总，月内连号';

-- 平衡、完整: checked once for each statement over all legs it brings (never once a row).
CREATE FUNCTION hpf_check_legs() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
DECLARE wrong record;
BEGIN
    SELECT g.* INTO wrong
    FROM (SELECT n.centre_id, n.journal_id, sum(n.fen) AS off, count(*) AS lines, min(n.line_no) AS first_line, max(n.line_no) AS last_line
          FROM new_legs n GROUP BY n.centre_id, n.journal_id) g
    LEFT JOIN ledger_journal j ON j.id = g.journal_id AND j.centre_id = g.centre_id
    WHERE g.off <> 0 OR g.first_line <> 1 OR g.last_line <> g.lines OR j.lines IS DISTINCT FROM g.lines
    LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION '凭证 % 借贷不平或分录不全：差额 % 分，% 行', wrong.journal_id, wrong.off, wrong.lines
            USING ERRCODE = 'HP001', DETAIL = json_build_object('journal_id', wrong.journal_id, 'difference_fen', wrong.off)::text;
    END IF;
    -- Joined by the key alone: offered centre and subject too, the planner of a young database takes the index on them and
    -- reads every personal account for every leg.
    PERFORM 1 FROM (SELECT DISTINCT centre_id, account_id, subject FROM new_legs) n
        LEFT JOIN ledger_account a ON a.id = n.account_id
        WHERE a.id IS NULL OR a.centre_id <> n.centre_id OR a.subject <> n.subject LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION '分录指向本中心不存在的分户账' USING ERRCODE = 'HP002';
    END IF;
    RETURN NULL;
END $$;

DO $$ BEGIN
    FOR centre IN 1..16 LOOP
        EXECUTE format('CREATE TRIGGER balanced AFTER INSERT ON ledger_leg_%s REFERENCING NEW TABLE AS new_legs
                        FOR EACH STATEMENT EXECUTE FUNCTION hpf_check_legs()', centre);
        EXECUTE format('CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_leg_%s
                        FOR EACH STATEMENT EXECUTE FUNCTION hpf_refuse_change()', centre);
    END LOOP;
END $$;
CREATE TRIGGER balanced AFTER INSERT ON ledger_leg REFERENCING NEW TABLE AS new_legs
    FOR EACH STATEMENT EXECUTE FUNCTION hpf_check_legs();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_leg
    FOR EACH STATEMENT EXECUTE FUNCTION hpf_refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_journal
    FOR EACH STATEMENT EXECUTE FUNCTION hpf_refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_day
    FOR EACH STATEMENT EXECUTE FUNCTION hpf_refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_voucher
    FOR EACH STATEMENT EXECUTE FUNCTION hpf_refuse_change();

CREATE FUNCTION hpf_own_centre(p_centre smallint) RETURNS void LANGUAGE plpgsql STABLE AS $$
BEGIN
    IF p_centre IS DISTINCT FROM hpf_centre() THEN
        RAISE EXCEPTION '会话中心 % 不能为中心 % 记账', hpf_centre(), p_centre USING ERRCODE = 'HP003';
    END IF;
END $$;

-- 积数权重: days from the value date to the end of the interest year; months likewise (opening 12, k-th month 12 - k).
CREATE FUNCTION hpf_day_weight(value_on date, interest_year integer) RETURNS integer LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$ SELECT make_date(interest_year + 1, 7, 1) - greatest(value_on, make_date(interest_year, 7, 1)) $$;
CREATE FUNCTION hpf_month_weight(value_on date, interest_year integer) RETURNS integer LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$ SELECT CASE WHEN value_on < make_date(interest_year, 7, 1) THEN 12
                      ELSE 12 - ((extract(year FROM value_on)::integer - interest_year) * 12 + extract(month FROM value_on)::integer - 6) END $$;

-- 开户、销户 of ledger accounts. freezing.sql puts a closing in place of this one that looks at courts' orders too.
CREATE FUNCTION hpf_open_accounts(p_centre smallint, p_subject integer, p_owner_kind text, p_owners bigint[], p_on date)
RETURNS TABLE (owner bigint, account bigint) LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN
    PERFORM hpf_own_centre(p_centre);
    IF NOT EXISTS (SELECT 1 FROM ledger_subject WHERE code = p_subject AND is_leaf) THEN
        RAISE EXCEPTION '科目 % 不存在或不是末级科目', p_subject USING ERRCODE = 'HP010';
    END IF;
    RETURN QUERY
    INSERT INTO ledger_account (centre_id, subject, owner_kind, owner_id, normal_side, keeps_balance, bears_interest, interest_year, opened_on)
    SELECT p_centre, p_subject, p_owner_kind, o, s.normal_side, s.keeps_balance, s.bears_interest,
           CASE WHEN s.bears_interest THEN extract(year FROM p_on)::smallint - (CASE WHEN extract(month FROM p_on) >= 7 THEN 0 ELSE 1 END) END, p_on
    FROM unnest(p_owners) o CROSS JOIN ledger_subject s WHERE s.code = p_subject
    ON CONFLICT ON CONSTRAINT ledger_account_owner DO UPDATE SET owner_id = excluded.owner_id
    RETURNING owner_id, id;
END $$;

CREATE FUNCTION hpf_close_account(p_account bigint, p_on date) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
DECLARE v ledger_account;
BEGIN
    SELECT * INTO v FROM ledger_account WHERE id = p_account FOR NO KEY UPDATE;
    PERFORM hpf_own_centre(v.centre_id);
    IF v.balance_fen <> 0 OR v.held_fen <> 0 THEN
        RAISE EXCEPTION '分户账 % 尚有余额或冻结额，不能销户', p_account USING ERRCODE = 'HP011';
    END IF;
    UPDATE ledger_account SET closed_on = p_on WHERE id = p_account AND closed_on IS NULL;
END $$;

-- 占用额: a hold is refused when the account has less than that free. freezing.sql puts one in its place that leaves what courts froze.
CREATE FUNCTION hpf_place_hold(p_account bigint, p_fen bigint, p_kind text, p_reference text) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
DECLARE v ledger_account; v_hold bigint;
BEGIN
    SELECT * INTO v FROM ledger_account WHERE id = p_account FOR NO KEY UPDATE;
    PERFORM hpf_own_centre(v.centre_id);
    IF v.balance_fen - v.held_fen < p_fen OR v.closed_on IS NOT NULL THEN
        RAISE EXCEPTION '分户账 % 可用余额不足', p_account USING ERRCODE = 'HP008',
            DETAIL = json_build_object('account_id', p_account, 'balance_fen', v.balance_fen, 'held_fen', v.held_fen, 'asked_fen', p_fen)::text;
    END IF;
    INSERT INTO ledger_hold (centre_id, account_id, fen, kind, reference) VALUES (v.centre_id, p_account, p_fen, p_kind, p_reference)
    RETURNING id INTO v_hold;
    UPDATE ledger_account SET held_fen = held_fen + p_fen WHERE id = p_account;
    RETURN v_hold;
END $$;

CREATE FUNCTION hpf_release_hold(p_hold bigint) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
DECLARE v ledger_hold;
BEGIN
    SELECT * INTO v FROM ledger_hold WHERE id = p_hold;
    PERFORM hpf_own_centre(v.centre_id);
    PERFORM 1 FROM ledger_account WHERE id = v.account_id FOR NO KEY UPDATE;
    UPDATE ledger_hold SET released_at = clock_timestamp() WHERE id = p_hold AND released_at IS NULL;
    IF NOT FOUND THEN RETURN false; END IF;
    UPDATE ledger_account SET held_fen = held_fen - v.fen WHERE id = v.account_id;
    RETURN true;
END $$;

-- 会计日: opened and closed under an exclusive lock that every posting shares.
CREATE FUNCTION hpf_open_day(p_centre smallint, p_on date) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN
    PERFORM hpf_own_centre(p_centre);
    PERFORM pg_advisory_xact_lock(20260630, p_centre);
    IF EXISTS (SELECT 1 FROM ledger_business_day WHERE centre_id = p_centre AND (business_on >= p_on OR state = 'OPEN')
               AND NOT (business_on = p_on AND state = 'OPEN')) THEN
        RAISE EXCEPTION '不能开会计日 %：已有更晚的会计日或未结的会计日', p_on USING ERRCODE = 'HP012';
    END IF;
    INSERT INTO ledger_business_day (centre_id, business_on, state) VALUES (p_centre, p_on, 'OPEN') ON CONFLICT DO NOTHING;
END $$;

-- 日终: snapshot of every subject, running totals of the hot accounts, vouchers numbered without a gap; then the day is closed.
CREATE FUNCTION hpf_close_day(p_centre smallint, p_on date, p_booked_by text) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
DECLARE v_month integer := extract(year FROM p_on)::integer * 12 + extract(month FROM p_on)::integer - 1; v_vouchers integer;
BEGIN
    PERFORM hpf_own_centre(p_centre);
    PERFORM pg_advisory_xact_lock(20260630, p_centre);
    IF NOT EXISTS (SELECT 1 FROM ledger_business_day WHERE centre_id = p_centre AND business_on = p_on AND state = 'OPEN') THEN
        RAISE EXCEPTION '会计日 % 未开或已结', p_on USING ERRCODE = 'HP005';
    END IF;
    INSERT INTO ledger_day (centre_id, business_on, subject, opening_fen, debit_fen, credit_fen, closing_fen)
    SELECT p_centre, p_on, COALESCE(o.subject, t.subject), COALESCE(o.closing_fen, 0), COALESCE(t.debit, 0), COALESCE(t.credit, 0),
           COALESCE(o.closing_fen, 0) + COALESCE(t.debit, 0) - COALESCE(t.credit, 0)
    FROM (SELECT subject, closing_fen FROM ledger_day WHERE centre_id = p_centre AND business_on =
            (SELECT max(business_on) FROM ledger_day WHERE centre_id = p_centre)) o
    FULL JOIN (SELECT subject, sum(fen) FILTER (WHERE fen > 0) AS debit, -sum(fen) FILTER (WHERE fen < 0) AS credit
               FROM ledger_leg WHERE centre_id = p_centre AND business_on = p_on GROUP BY subject) t ON t.subject = o.subject;
    UPDATE ledger_account a SET balance_fen = a.balance_fen + a.normal_side * t.moved, balance_on = p_on
    FROM (SELECT l.account_id, sum(l.fen) AS moved FROM ledger_leg l JOIN ledger_subject s ON s.code = l.subject
          WHERE l.centre_id = p_centre AND l.business_on = p_on AND NOT s.keeps_balance GROUP BY l.account_id) t
    WHERE a.id = t.account_id;
    INSERT INTO ledger_voucher (centre_id, month, number, business_on, kind, template, journals, debit_fen, maker, booked_by)
    SELECT p_centre, v_month,
           COALESCE((SELECT max(number) FROM ledger_voucher WHERE centre_id = p_centre AND month = v_month), 0)
               + row_number() OVER (ORDER BY g.first_id),
           p_on, g.kind, g.template, g.journals, g.debit, g.maker, p_booked_by
    FROM (SELECT j.kind, j.template, min(j.id) AS first_id, count(DISTINCT j.id) AS journals,
                 COALESCE(sum(l.fen) FILTER (WHERE l.fen > 0), 0) AS debit, min(j.maker) AS maker
          FROM ledger_journal j JOIN ledger_leg l ON l.centre_id = j.centre_id AND l.journal_id = j.id
          WHERE j.centre_id = p_centre AND j.business_on = p_on AND l.centre_id = p_centre AND l.business_on = p_on
          GROUP BY j.kind, j.template) g;
    GET DIAGNOSTICS v_vouchers = ROW_COUNT;
    UPDATE ledger_business_day SET state = 'CLOSED', closed_at = clock_timestamp() WHERE centre_id = p_centre AND business_on = p_on;
    RETURN v_vouchers;
END $$;

REVOKE EXECUTE ON FUNCTION
    hpf_open_accounts, hpf_close_account, hpf_place_hold, hpf_release_hold, hpf_open_day, hpf_close_day
    FROM PUBLIC;
GRANT EXECUTE ON FUNCTION
    hpf_open_accounts, hpf_close_account, hpf_place_hold, hpf_release_hold, hpf_open_day, hpf_close_day
    TO hpf_app;
