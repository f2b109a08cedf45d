-- 灯: the same rule as hpf.workplan.rules.lights; a test compares both over every combination.
CREATE FUNCTION workplan_light(state text, starts_on date, due_on date, is_measured boolean, is_met boolean, today date, warn_days integer)
    RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE
        WHEN state = 'WITHDRAWN' THEN 'GREY'
        WHEN is_measured AND is_met IS TRUE THEN 'GREEN'
        WHEN is_measured AND due_on < today THEN 'RED'
        WHEN is_measured AND today < starts_on THEN 'GREY'
        WHEN is_measured AND due_on - today <= warn_days THEN 'YELLOW'
        WHEN is_measured THEN 'GREY'
        WHEN state = 'ACCEPTED' THEN 'GREEN'
        WHEN state = 'REPORTED' THEN 'YELLOW'
        WHEN due_on < today THEN 'RED'
        WHEN state = 'RETURNED' THEN 'YELLOW'
        WHEN today < starts_on THEN 'GREY'
        WHEN due_on - today <= warn_days THEN 'YELLOW'
        ELSE 'GREY' END
$$;
COMMENT ON FUNCTION workplan_light(text, date, date, boolean, boolean, date, integer) IS '一个期次的灯：RED 红、YELLOW 黄、GREEN 绿、GREY 灰';
GRANT EXECUTE ON FUNCTION workplan_light(text, date, date, boolean, boolean, date, integer) TO hpf_app, hpf_observer;
