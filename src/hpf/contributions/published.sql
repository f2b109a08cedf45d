-- What observers may read of contributions, across centres. No personal data: people are account ids.
-- A sum over these rows is the truth: corrections and refunds are rows of their own with a minus.

CREATE VIEW contributions_booked_v1 AS
    SELECT l.id AS line_id, r.centre_id, r.remittance_no, r.kind, r.employer_id, r.employer_account_id, l.member_account_id, l.month,
           l.base_fen, l.employer_fen, l.member_fen, l.subsidy_fen,
           l.employer_fen + l.member_fen + l.subsidy_fen AS total_fen, r.booked_on, r.journal_id
    FROM contributions_line l JOIN contributions_remittance r ON r.id = l.remittance_id
    WHERE r.booked_on IS NOT NULL;
COMMENT ON VIEW contributions_booked_v1 IS '已记账缴存明细（每人每月一行，调整为负行）';
COMMENT ON COLUMN contributions_booked_v1.line_id IS '清册行编号';
COMMENT ON COLUMN contributions_booked_v1.centre_id IS '所属中心';
COMMENT ON COLUMN contributions_booked_v1.remittance_no IS '清册号';
COMMENT ON COLUMN contributions_booked_v1.kind IS '缴存种类：REGULAR汇缴 BACK_FULL全额补缴 BACK_DIFFERENCE差额补缴 BACK_FREE不定额补缴 FLEXIBLE灵活就业 SUBSIDY补贴 CORRECTION错账调整';
COMMENT ON COLUMN contributions_booked_v1.employer_id IS '缴存单位';
COMMENT ON COLUMN contributions_booked_v1.employer_account_id IS '单位账户';
COMMENT ON COLUMN contributions_booked_v1.member_account_id IS '个人账户';
COMMENT ON COLUMN contributions_booked_v1.month IS '汇补缴年月（自公元0年起的月数）';
COMMENT ON COLUMN contributions_booked_v1.base_fen IS '缴存基数（分）';
COMMENT ON COLUMN contributions_booked_v1.employer_fen IS '单位缴存额（分）';
COMMENT ON COLUMN contributions_booked_v1.member_fen IS '个人缴存额（分）';
COMMENT ON COLUMN contributions_booked_v1.subsidy_fen IS '补贴额（分）';
COMMENT ON COLUMN contributions_booked_v1.total_fen IS '合计（分）';
COMMENT ON COLUMN contributions_booked_v1.booked_on IS '会计日';
COMMENT ON COLUMN contributions_booked_v1.journal_id IS '凭证';

CREATE VIEW contributions_remittance_v1 AS
    SELECT centre_id, remittance_no, employer_id, employer_account_id, kind, month, state, line_count, defect_count,
           employer_fen, member_fen, subsidy_fen, prepaid_used_fen, overpaid_fen, waiting_code, received_at, confirmed_at, booked_on, journal_id
    FROM contributions_remittance;
COMMENT ON VIEW contributions_remittance_v1 IS '缴存清册';
COMMENT ON COLUMN contributions_remittance_v1.centre_id IS '所属中心';
COMMENT ON COLUMN contributions_remittance_v1.remittance_no IS '清册号';
COMMENT ON COLUMN contributions_remittance_v1.employer_id IS '缴存单位';
COMMENT ON COLUMN contributions_remittance_v1.employer_account_id IS '单位账户';
COMMENT ON COLUMN contributions_remittance_v1.kind IS '缴存种类';
COMMENT ON COLUMN contributions_remittance_v1.month IS '汇补缴年月（自公元0年起的月数）';
COMMENT ON COLUMN contributions_remittance_v1.state IS '清册状态';
COMMENT ON COLUMN contributions_remittance_v1.line_count IS '人数';
COMMENT ON COLUMN contributions_remittance_v1.defect_count IS '差错数';
COMMENT ON COLUMN contributions_remittance_v1.employer_fen IS '单位缴存额（分）';
COMMENT ON COLUMN contributions_remittance_v1.member_fen IS '个人缴存额（分）';
COMMENT ON COLUMN contributions_remittance_v1.subsidy_fen IS '补贴额（分）';
COMMENT ON COLUMN contributions_remittance_v1.prepaid_used_fen IS '预缴抵付额（分）';
COMMENT ON COLUMN contributions_remittance_v1.overpaid_fen IS '多缴转预缴额（分）';
COMMENT ON COLUMN contributions_remittance_v1.waiting_code IS '待记账原因码';
COMMENT ON COLUMN contributions_remittance_v1.received_at IS '登记时刻';
COMMENT ON COLUMN contributions_remittance_v1.confirmed_at IS '确认时刻';
COMMENT ON COLUMN contributions_remittance_v1.booked_on IS '会计日';
COMMENT ON COLUMN contributions_remittance_v1.journal_id IS '凭证';

CREATE VIEW contributions_deferral_v1 AS
    SELECT centre_id, deferral_no, employer_id, employer_account_id, kind, state, since_month, until_month, restored_month, ended_on
    FROM contributions_deferral;
COMMENT ON VIEW contributions_deferral_v1 IS '缓缴与降低缴存比例';
COMMENT ON COLUMN contributions_deferral_v1.centre_id IS '所属中心';
COMMENT ON COLUMN contributions_deferral_v1.deferral_no IS '缓缴申请号';
COMMENT ON COLUMN contributions_deferral_v1.employer_id IS '缴存单位';
COMMENT ON COLUMN contributions_deferral_v1.employer_account_id IS '单位账户';
COMMENT ON COLUMN contributions_deferral_v1.kind IS '缓缴种类';
COMMENT ON COLUMN contributions_deferral_v1.state IS '缓缴状态';
COMMENT ON COLUMN contributions_deferral_v1.since_month IS '起始年月（自公元0年起的月数）';
COMMENT ON COLUMN contributions_deferral_v1.until_month IS '届满年月，不含此月';
COMMENT ON COLUMN contributions_deferral_v1.restored_month IS '恢复年月';
COMMENT ON COLUMN contributions_deferral_v1.ended_on IS '恢复日期';

CREATE VIEW contributions_agreement_v1 AS
    SELECT centre_id, agreement_no, member_account_id, frequency, month_fen, state, signed_on, paused_on, exited_on
    FROM contributions_agreement;
COMMENT ON VIEW contributions_agreement_v1 IS '灵活就业缴存协议';
COMMENT ON COLUMN contributions_agreement_v1.centre_id IS '所属中心';
COMMENT ON COLUMN contributions_agreement_v1.agreement_no IS '协议号';
COMMENT ON COLUMN contributions_agreement_v1.member_account_id IS '个人账户';
COMMENT ON COLUMN contributions_agreement_v1.frequency IS '缴存频次';
COMMENT ON COLUMN contributions_agreement_v1.month_fen IS '月缴存额（分）';
COMMENT ON COLUMN contributions_agreement_v1.state IS '协议状态';
COMMENT ON COLUMN contributions_agreement_v1.signed_on IS '签订日期';
COMMENT ON COLUMN contributions_agreement_v1.paused_on IS '暂停日期';
COMMENT ON COLUMN contributions_agreement_v1.exited_on IS '退出日期';

GRANT SELECT ON contributions_booked_v1, contributions_remittance_v1, contributions_deferral_v1, contributions_agreement_v1 TO hpf_observer;
