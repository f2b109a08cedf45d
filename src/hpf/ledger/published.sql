-- What observers may read of the ledger, across centres. No personal data: accounts are numbers.

CREATE VIEW ledger_leg_v1 AS
    SELECT l.centre_id, l.journal_id, l.line_no, l.subject, l.account_id, l.fen, l.carried_fen, l.value_on, l.business_on,
           j.kind, j.template, j.correction, j.source_kind, j.source_no
    FROM ledger_leg l JOIN ledger_journal j ON j.centre_id = l.centre_id AND j.id = l.journal_id;
COMMENT ON VIEW ledger_leg_v1 IS '分录（含凭证要素）';

CREATE VIEW ledger_account_v1 AS
    SELECT id AS account_id, centre_id, subject, owner_kind, owner_id, balance_fen, held_fen, carried_fen, interest_year, opened_on, closed_on
    FROM ledger_account;
COMMENT ON VIEW ledger_account_v1 IS '分户账余额';

CREATE VIEW ledger_day_v1 AS
    SELECT centre_id, business_on, subject, opening_fen, debit_fen, credit_fen, closing_fen FROM ledger_day;
COMMENT ON VIEW ledger_day_v1 IS '科目日余额';

CREATE VIEW ledger_business_day_v1 AS
    SELECT centre_id, business_on, state FROM ledger_business_day;
COMMENT ON VIEW ledger_business_day_v1 IS '会计日';

GRANT SELECT ON ledger_leg_v1, ledger_account_v1, ledger_day_v1, ledger_business_day_v1, ledger_subject TO hpf_observer;
