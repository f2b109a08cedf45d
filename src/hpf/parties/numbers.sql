-- 编号系列: numbers run within a centre and a series. What other centres do at the same time changes no number, and nobody waits for
-- somebody else's number. What is rolled back leaves a gap; a number given is never given again.
CREATE TABLE parties_series (
    series text PRIMARY KEY CHECK (series ~ '^[a-z0-9]{1,20}$'),
    title  text NOT NULL
);
COMMENT ON TABLE parties_series IS '编号系列：每个中心的每个系列各自从1起连续给号';

CREATE FUNCTION hpf_sequence(p_centre smallint, p_series text) RETURNS regclass LANGUAGE plpgsql STABLE AS $$
DECLARE v_sequence regclass := to_regclass('public.parties_number_' || p_centre || '_' || p_series);
BEGIN
    IF v_sequence IS NULL THEN
        RAISE EXCEPTION '中心 % 没有编号系列 %，不能给号，请核对中心编号', p_centre, p_series USING ERRCODE = 'HP015';
    END IF;
    RETURN v_sequence;
END $$;

-- A new centre begins every series, a new series begins in every centre.
CREATE FUNCTION hpf_begin_numbers() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
DECLARE v_name text;
BEGIN
    FOR v_name IN SELECT format('parties_number_%s_%s', c.id, s.series) FROM parties_centre c CROSS JOIN parties_series s ORDER BY 1 LOOP
        IF to_regclass(format('public.%I', v_name)) IS NULL THEN
            EXECUTE format('CREATE SEQUENCE public.%I MAXVALUE 99999999', v_name);
        END IF;
    END LOOP;
    RETURN NULL;
END $$;
CREATE TRIGGER begin_numbers AFTER INSERT ON parties_centre FOR EACH STATEMENT EXECUTE FUNCTION hpf_begin_numbers();
CREATE TRIGGER begin_numbers AFTER INSERT ON parties_series FOR EACH STATEMENT EXECUTE FUNCTION hpf_begin_numbers();

-- Numbers given otherwise (before there were series, or by whoever wrote rows without drawing): go on after them, never back.
CREATE FUNCTION hpf_go_on_after(p_centre smallint, p_series text, p_number bigint) RETURNS void LANGUAGE sql SET search_path = public AS $$
    SELECT setval(s.sequence, p_number) FROM (SELECT hpf_sequence(p_centre, p_series) AS sequence) s
    WHERE p_number > COALESCE(pg_sequence_last_value(s.sequence), 0)
$$;
REVOKE EXECUTE ON FUNCTION hpf_go_on_after FROM PUBLIC;

CREATE FUNCTION hpf_take_numbers(p_centre smallint, p_series text, p_count integer) RETURNS SETOF bigint
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public AS $$
DECLARE v_sequence regclass := hpf_sequence(p_centre, p_series);
BEGIN
    IF p_centre IS DISTINCT FROM hpf_centre() THEN
        RAISE EXCEPTION '会话中心 % 不能取中心 % 的编号', hpf_centre(), p_centre USING ERRCODE = 'HP003';
    END IF;
    RETURN QUERY SELECT nextval(v_sequence) FROM generate_series(1, p_count);
END $$;
REVOKE EXECUTE ON FUNCTION hpf_take_numbers FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hpf_take_numbers TO hpf_app;

INSERT INTO parties_series VALUES ('3', '单位编号');
SELECT hpf_go_on_after(centre_id, '3', max(substr(employer_no, 4, 8)::bigint)) FROM parties_employer
WHERE employer_no ~ '^[0-9]{2}3[0-9]{9}$' GROUP BY centre_id;
