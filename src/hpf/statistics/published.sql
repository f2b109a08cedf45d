-- The counted figures, for the supervisor across centres.
CREATE VIEW statistics_fact_v1 AS
    SELECT centre_id, measure, period, period_on, dimension, value, amount, to_date FROM statistics_fact;
COMMENT ON VIEW statistics_fact_v1 IS '统计事实';
COMMENT ON COLUMN statistics_fact_v1.centre_id IS '中心编号';
COMMENT ON COLUMN statistics_fact_v1.measure IS '统计口径';
COMMENT ON COLUMN statistics_fact_v1.period IS '统计期间';
COMMENT ON COLUMN statistics_fact_v1.period_on IS '统计日期';
COMMENT ON COLUMN statistics_fact_v1.dimension IS '统计维度';
COMMENT ON COLUMN statistics_fact_v1.value IS '维度值';
COMMENT ON COLUMN statistics_fact_v1.amount IS '统计数';
COMMENT ON COLUMN statistics_fact_v1.to_date IS '期末累计';
CREATE VIEW statistics_counted_v1 AS SELECT centre_id, counted_on, event_id FROM statistics_counted;
COMMENT ON VIEW statistics_counted_v1 IS '统计进度';
COMMENT ON COLUMN statistics_counted_v1.centre_id IS '中心编号';
COMMENT ON COLUMN statistics_counted_v1.counted_on IS '统计日期';
COMMENT ON COLUMN statistics_counted_v1.event_id IS '账户事件';
GRANT SELECT ON statistics_fact_v1, statistics_counted_v1 TO hpf_observer;
