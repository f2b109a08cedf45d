-- How far each centre's days and settlements are, for the supervisor across centres.
CREATE VIEW closing_step_v1 AS
    SELECT centre_id, business_on, step, state, figures, done_at FROM closing_step;
COMMENT ON VIEW closing_step_v1 IS '日终步骤';
COMMENT ON COLUMN closing_step_v1.centre_id IS '中心编号';
COMMENT ON COLUMN closing_step_v1.business_on IS '会计日';
COMMENT ON COLUMN closing_step_v1.step IS '步骤';
COMMENT ON COLUMN closing_step_v1.state IS '步骤状态';
COMMENT ON COLUMN closing_step_v1.figures IS '步骤结果';
COMMENT ON COLUMN closing_step_v1.done_at IS '登记时刻';
CREATE VIEW closing_settlement_v1 AS
    SELECT centre_id, year, state, method, accounts, interest_fen, accrued_fen, journals, posted_at FROM closing_settlement;
COMMENT ON VIEW closing_settlement_v1 IS '年度结息';
COMMENT ON COLUMN closing_settlement_v1.centre_id IS '中心编号';
COMMENT ON COLUMN closing_settlement_v1.year IS '结息年度';
COMMENT ON COLUMN closing_settlement_v1.state IS '结息状态';
COMMENT ON COLUMN closing_settlement_v1.method IS '计息方法';
COMMENT ON COLUMN closing_settlement_v1.accounts IS '户数';
COMMENT ON COLUMN closing_settlement_v1.interest_fen IS '结息额';
COMMENT ON COLUMN closing_settlement_v1.accrued_fen IS '已计提利息';
COMMENT ON COLUMN closing_settlement_v1.journals IS '分录数';
COMMENT ON COLUMN closing_settlement_v1.posted_at IS '记账时刻';
GRANT SELECT ON closing_step_v1, closing_settlement_v1 TO hpf_observer;
