-- What observers may read of withdrawals, across centres. No personal data: people are account ids, reasons are codes and
-- articles, never their words; payees and facts are not here.

CREATE VIEW withdrawals_application_v1 AS
    SELECT centre_id, application_no, ground, state, member_account_id, channel, closes, accepted_on, accepted_at, due_on,
           granted_fen, payment_no, paid_on
    FROM withdrawals_application;
COMMENT ON VIEW withdrawals_application_v1 IS '提取申请';
COMMENT ON COLUMN withdrawals_application_v1.centre_id IS '所属中心';
COMMENT ON COLUMN withdrawals_application_v1.application_no IS '提取申请号';
COMMENT ON COLUMN withdrawals_application_v1.ground IS '提取情形';
COMMENT ON COLUMN withdrawals_application_v1.state IS '申请状态';
COMMENT ON COLUMN withdrawals_application_v1.member_account_id IS '个人账户';
COMMENT ON COLUMN withdrawals_application_v1.channel IS '办理渠道：MEMBER_WEB个人网厅 COUNTER柜面 SYSTEM平台';
COMMENT ON COLUMN withdrawals_application_v1.closes IS '付款后销户';
COMMENT ON COLUMN withdrawals_application_v1.accepted_on IS '受理日';
COMMENT ON COLUMN withdrawals_application_v1.accepted_at IS '受理时刻';
COMMENT ON COLUMN withdrawals_application_v1.due_on IS '办结期限';
COMMENT ON COLUMN withdrawals_application_v1.granted_fen IS '准予金额（分）';
COMMENT ON COLUMN withdrawals_application_v1.payment_no IS '最近一次付款单号';
COMMENT ON COLUMN withdrawals_application_v1.paid_on IS '到账日';

CREATE VIEW withdrawals_decision_v1 AS
    SELECT d.centre_id, d.id AS withdrawal_decision_id, a.application_no, a.ground, d.kind, d.outcome, d.amount_fen, d.rule_outcome,
           d.rule_amount_fen, d.decided_on, d.decided_at, d.policy_digest, d.rule_version
    FROM withdrawals_decision d JOIN withdrawals_application a ON a.id = d.application_id;
COMMENT ON VIEW withdrawals_decision_v1 IS '提取决定';
COMMENT ON COLUMN withdrawals_decision_v1.centre_id IS '所属中心';
COMMENT ON COLUMN withdrawals_decision_v1.withdrawal_decision_id IS '决定编号';
COMMENT ON COLUMN withdrawals_decision_v1.application_no IS '提取申请号';
COMMENT ON COLUMN withdrawals_decision_v1.ground IS '提取情形';
COMMENT ON COLUMN withdrawals_decision_v1.kind IS '决定方式：AUTOMATIC自动审批 REVIEW人工审核 OVERRIDE人工改定 BEFORE_PAYMENT付款前核对';
COMMENT ON COLUMN withdrawals_decision_v1.outcome IS '决定结论：APPROVED准予 REFUSED不予 REFERRED转人工';
COMMENT ON COLUMN withdrawals_decision_v1.amount_fen IS '准予金额（分）';
COMMENT ON COLUMN withdrawals_decision_v1.rule_outcome IS '规则结论';
COMMENT ON COLUMN withdrawals_decision_v1.rule_amount_fen IS '规则金额（分）';
COMMENT ON COLUMN withdrawals_decision_v1.decided_on IS '适用日，即受理日';
COMMENT ON COLUMN withdrawals_decision_v1.decided_at IS '决定时刻';
COMMENT ON COLUMN withdrawals_decision_v1.policy_digest IS '政策摘要';
COMMENT ON COLUMN withdrawals_decision_v1.rule_version IS '规则版本';

CREATE VIEW withdrawals_reason_v1 AS
    SELECT d.centre_id, d.id AS withdrawal_decision_id, a.application_no, d.outcome, r.reason ->> 'code' AS code, w.law
    FROM withdrawals_decision d JOIN withdrawals_application a ON a.id = d.application_id
    CROSS JOIN LATERAL jsonb_array_elements(d.codes) AS r(reason)
    CROSS JOIN LATERAL jsonb_array_elements_text(
        CASE WHEN jsonb_array_length(r.reason -> 'law') = 0 THEN '[""]'::jsonb ELSE r.reason -> 'law' END) AS w(law);
COMMENT ON VIEW withdrawals_reason_v1 IS '提取决定的原因';
COMMENT ON COLUMN withdrawals_reason_v1.centre_id IS '所属中心';
COMMENT ON COLUMN withdrawals_reason_v1.withdrawal_decision_id IS '决定编号';
COMMENT ON COLUMN withdrawals_reason_v1.application_no IS '提取申请号';
COMMENT ON COLUMN withdrawals_reason_v1.outcome IS '决定结论';
COMMENT ON COLUMN withdrawals_reason_v1.code IS '原因代码';
COMMENT ON COLUMN withdrawals_reason_v1.law IS '依据的条文，一条一行，没有条文的为空';

CREATE VIEW withdrawals_payment_v1 AS
    SELECT a.centre_id, a.application_no, a.payment_no, a.ground, a.member_account_id, a.granted_fen AS principal_fen,
           COALESCE(a.interest_fen, 0)::bigint AS interest_fen, a.accepted_on, a.accepted_at, a.paid_on, e.happened_at AS paid_at
    FROM withdrawals_application a
    JOIN LATERAL (SELECT v.happened_at FROM withdrawals_event v WHERE v.centre_id = a.centre_id AND v.application_id = a.id AND v.state = 'PAID'
                  ORDER BY v.id DESC LIMIT 1) e ON true
    WHERE a.state = 'PAID';
COMMENT ON VIEW withdrawals_payment_v1 IS '已到账的提取';
COMMENT ON COLUMN withdrawals_payment_v1.centre_id IS '所属中心';
COMMENT ON COLUMN withdrawals_payment_v1.application_no IS '提取申请号';
COMMENT ON COLUMN withdrawals_payment_v1.payment_no IS '付款单号';
COMMENT ON COLUMN withdrawals_payment_v1.ground IS '提取情形';
COMMENT ON COLUMN withdrawals_payment_v1.member_account_id IS '个人账户';
COMMENT ON COLUMN withdrawals_payment_v1.principal_fen IS '提取本金（分）';
COMMENT ON COLUMN withdrawals_payment_v1.interest_fen IS '随销户支付的利息（分）';
COMMENT ON COLUMN withdrawals_payment_v1.accepted_on IS '受理日';
COMMENT ON COLUMN withdrawals_payment_v1.accepted_at IS '受理时刻';
COMMENT ON COLUMN withdrawals_payment_v1.paid_on IS '到账日';
COMMENT ON COLUMN withdrawals_payment_v1.paid_at IS '登记到账的时刻';

CREATE VIEW withdrawals_rentplan_v1 AS
    SELECT DISTINCT ON (centre_id, year) centre_id, year, version, plan_fen, reason, by_province, set_at
    FROM withdrawals_rentplan ORDER BY centre_id, year, version DESC;
COMMENT ON VIEW withdrawals_rentplan_v1 IS '租房提取计划';
COMMENT ON COLUMN withdrawals_rentplan_v1.centre_id IS '计划所属中心';
COMMENT ON COLUMN withdrawals_rentplan_v1.year IS '计划年度';
COMMENT ON COLUMN withdrawals_rentplan_v1.version IS '计划版次，以最后一次设定为准';
COMMENT ON COLUMN withdrawals_rentplan_v1.plan_fen IS '计划金额（分）';
COMMENT ON COLUMN withdrawals_rentplan_v1.reason IS '计划依据';
COMMENT ON COLUMN withdrawals_rentplan_v1.by_province IS '由省厅设定';
COMMENT ON COLUMN withdrawals_rentplan_v1.set_at IS '设定时刻';

CREATE INDEX withdrawals_app_paid ON withdrawals_application (paid_on, centre_id) WHERE state = 'PAID';

GRANT SELECT ON withdrawals_application_v1, withdrawals_decision_v1, withdrawals_reason_v1, withdrawals_payment_v1, withdrawals_rentplan_v1
    TO hpf_observer;
