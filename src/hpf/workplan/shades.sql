-- 灯 as a bit, so that lights of one cell of the wall are put together by OR and the highest is the worst: red 8, yellow 4,
-- green 2, grey 1, and 0 what is withdrawn. Each parameter that may be a subquery stands once: then a statement takes the
-- function in whole, instead of calling it for every row. The same rule as hpf.workplan.rules.lights; a test compares both.
CREATE FUNCTION workplan_shade(state text, starts_on date, due_on date, is_measured boolean, is_met boolean, today date, warned_until date)
    RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE
        WHEN is_measured AND is_met AND state <> 'WITHDRAWN' THEN 2::bigint
        WHEN state = 'ACCEPTED' AND NOT is_measured THEN 2
        WHEN state = 'REPORTED' AND NOT is_measured THEN 4
        WHEN state = 'WITHDRAWN' THEN 0
        WHEN due_on < today THEN 8
        WHEN state = 'RETURNED' AND NOT is_measured THEN 4
        WHEN today < starts_on THEN 1
        WHEN due_on <= warned_until THEN 4
        ELSE 1 END
$$;
COMMENT ON FUNCTION workplan_shade(text, date, date, boolean, boolean, date, date) IS '一个期次的灯，以位表示：8 红、4 黄、2 绿、1 灰、0 已撤销';
GRANT EXECUTE ON FUNCTION workplan_shade(text, date, date, boolean, boolean, date, date) TO hpf_app, hpf_observer;

CREATE OR REPLACE FUNCTION workplan_light(state text, starts_on date, due_on date, is_measured boolean, is_met boolean, today date, warn_days integer)
    RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE workplan_shade(state, starts_on, due_on, is_measured, is_met, today, today + warn_days)
        WHEN 8 THEN 'RED' WHEN 4 THEN 'YELLOW' WHEN 2 THEN 'GREEN' ELSE 'GREY' END
$$;
