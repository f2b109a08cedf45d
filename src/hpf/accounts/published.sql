-- Published reads of accounts. No name, number or contact of a person, and no account number of one, appears here.

CREATE VIEW accounts_employer_v1 AS
    SELECT centre_id, id AS employer_account_id, account_no, employer_id, kind, state, district, employer_rate, member_rate, first_month, paid_through, opened_on, sealed_on, closed_on, close_reason
    FROM accounts_employeraccount;
COMMENT ON VIEW accounts_employer_v1 IS '单位账户';
COMMENT ON COLUMN accounts_employer_v1.centre_id IS '中心编号';
COMMENT ON COLUMN accounts_employer_v1.employer_account_id IS '单位账户内部编号';
COMMENT ON COLUMN accounts_employer_v1.account_no IS '单位账号';
COMMENT ON COLUMN accounts_employer_v1.employer_id IS '单位内部编号';
COMMENT ON COLUMN accounts_employer_v1.kind IS '单位账户类别';
COMMENT ON COLUMN accounts_employer_v1.state IS '单位账户状态';
COMMENT ON COLUMN accounts_employer_v1.district IS '区县代码';
COMMENT ON COLUMN accounts_employer_v1.employer_rate IS '单位缴存比例';
COMMENT ON COLUMN accounts_employer_v1.member_rate IS '个人缴存比例';
COMMENT ON COLUMN accounts_employer_v1.first_month IS '起缴年月（自0年起的月数）';
COMMENT ON COLUMN accounts_employer_v1.paid_through IS '缴至年月（自0年起的月数）';
COMMENT ON COLUMN accounts_employer_v1.opened_on IS '开户日期';
COMMENT ON COLUMN accounts_employer_v1.sealed_on IS '封存日期';
COMMENT ON COLUMN accounts_employer_v1.closed_on IS '销户日期';
COMMENT ON COLUMN accounts_employer_v1.close_reason IS '销户原因';

CREATE VIEW accounts_member_v1 AS
    SELECT centre_id, id AS member_account_id, person_id, employer_account_id, kind, state, base_fen, declared_base_fen, employer_rate, member_rate, employer_month_fen, member_month_fen, first_month, ledger_account_id, opened_on, sealed_on, closed_on, duplicate
    FROM accounts_memberaccount;
COMMENT ON VIEW accounts_member_v1 IS '个人账户（不含个人信息）';
COMMENT ON COLUMN accounts_member_v1.centre_id IS '中心编号';
COMMENT ON COLUMN accounts_member_v1.member_account_id IS '个人账户内部编号';
COMMENT ON COLUMN accounts_member_v1.person_id IS '个人内部编号';
COMMENT ON COLUMN accounts_member_v1.employer_account_id IS '单位账户内部编号';
COMMENT ON COLUMN accounts_member_v1.kind IS '个人账户类别';
COMMENT ON COLUMN accounts_member_v1.state IS '个人账户状态';
COMMENT ON COLUMN accounts_member_v1.base_fen IS '缴存基数（分）';
COMMENT ON COLUMN accounts_member_v1.declared_base_fen IS '申报缴存基数（分）';
COMMENT ON COLUMN accounts_member_v1.employer_rate IS '单位缴存比例';
COMMENT ON COLUMN accounts_member_v1.member_rate IS '个人缴存比例';
COMMENT ON COLUMN accounts_member_v1.employer_month_fen IS '单位月缴存额（分）';
COMMENT ON COLUMN accounts_member_v1.member_month_fen IS '个人月缴存额（分）';
COMMENT ON COLUMN accounts_member_v1.first_month IS '起缴年月（自0年起的月数）';
COMMENT ON COLUMN accounts_member_v1.ledger_account_id IS '住房公积金分户账';
COMMENT ON COLUMN accounts_member_v1.opened_on IS '开户日期';
COMMENT ON COLUMN accounts_member_v1.sealed_on IS '封存日期';
COMMENT ON COLUMN accounts_member_v1.closed_on IS '销户日期';
COMMENT ON COLUMN accounts_member_v1.duplicate IS '待合户';

CREATE VIEW accounts_event_v1 AS
    SELECT centre_id, id AS event_id, kind, employer_account_id, member_account_id, business_on, recorded_at
    FROM accounts_event;
COMMENT ON VIEW accounts_event_v1 IS '账户事件';
COMMENT ON COLUMN accounts_event_v1.centre_id IS '中心编号';
COMMENT ON COLUMN accounts_event_v1.event_id IS '事件编号';
COMMENT ON COLUMN accounts_event_v1.kind IS '业务类型';
COMMENT ON COLUMN accounts_event_v1.employer_account_id IS '单位账户内部编号';
COMMENT ON COLUMN accounts_event_v1.member_account_id IS '个人账户内部编号';
COMMENT ON COLUMN accounts_event_v1.business_on IS '业务日期';
COMMENT ON COLUMN accounts_event_v1.recorded_at IS '登记时刻';

CREATE VIEW accounts_base_v1 AS
    SELECT centre_id, id AS base_id, member_account_id, from_month, base_fen, employer_month_fen, member_month_fen
    FROM accounts_base;
COMMENT ON VIEW accounts_base_v1 IS '缴存基数变更';
COMMENT ON COLUMN accounts_base_v1.centre_id IS '中心编号';
COMMENT ON COLUMN accounts_base_v1.base_id IS '基数变更编号';
COMMENT ON COLUMN accounts_base_v1.member_account_id IS '个人账户内部编号';
COMMENT ON COLUMN accounts_base_v1.from_month IS '起始年月（自0年起的月数）';
COMMENT ON COLUMN accounts_base_v1.base_fen IS '缴存基数（分）';
COMMENT ON COLUMN accounts_base_v1.employer_month_fen IS '单位月缴存额（分）';
COMMENT ON COLUMN accounts_base_v1.member_month_fen IS '个人月缴存额（分）';

GRANT SELECT ON accounts_employer_v1, accounts_member_v1, accounts_event_v1, accounts_base_v1 TO hpf_observer;
