-- What observers may read of the treasury, across centres. No names, no account numbers.

CREATE VIEW treasury_receipt_v1 AS
    SELECT r.centre_id, r.id AS receipt_id, 'SK' || lpad(r.centre_id::text, 2, '0') || lpad(r.id::text, 10, '0') AS receipt_no,
           r.bank_account_id, r.bank_reference, r.amount_fen, r.bank_on, r.value_on, r.business_on, r.ledger_account_id, r.journal_id,
           r.state, r.ground, r.reason_code, e.kind AS expectation_kind, e.reference AS expectation_reference, e.employer_account_id,
           r.used_by_kind, r.used_by_no, a.balance_fen AS remaining_fen
    FROM treasury_receipt r
    LEFT JOIN treasury_expectation e ON e.id = r.expectation_id
    LEFT JOIN ledger_account a ON a.id = r.ledger_account_id;
COMMENT ON VIEW treasury_receipt_v1 IS '到账款项';
COMMENT ON COLUMN treasury_receipt_v1.receipt_no IS '收款单号';
COMMENT ON COLUMN treasury_receipt_v1.bank_reference IS '银行流水号';
COMMENT ON COLUMN treasury_receipt_v1.amount_fen IS '到账金额（分）';
COMMENT ON COLUMN treasury_receipt_v1.state IS '状态';
COMMENT ON COLUMN treasury_receipt_v1.remaining_fen IS '尚在暂收的金额（分）';
COMMENT ON COLUMN treasury_receipt_v1.reason_code IS '认款结论代码';

CREATE VIEW treasury_payment_v1 AS
    SELECT centre_id, id AS payment_id, 'FK' || lpad(centre_id::text, 2, '0') || lpad(id::text, 10, '0') AS payment_no,
           bank_account_id, source_kind, source_no, amount_fen, state, send_seq_no, bank_reference, ordered_on, sent_on, settled_on,
           ledger_account_id, funding_journal_id
    FROM treasury_payment;
COMMENT ON VIEW treasury_payment_v1 IS '付款指令';
COMMENT ON COLUMN treasury_payment_v1.payment_no IS '付款单号';
COMMENT ON COLUMN treasury_payment_v1.amount_fen IS '付款金额（分）';
COMMENT ON COLUMN treasury_payment_v1.state IS '状态';
COMMENT ON COLUMN treasury_payment_v1.settled_on IS '完成日';

GRANT SELECT ON treasury_receipt_v1, treasury_payment_v1 TO hpf_observer;
