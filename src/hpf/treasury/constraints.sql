-- What the tables of the treasury never hold, whoever writes them.
ALTER TABLE treasury_receipt ADD CONSTRAINT treasury_receipt_positive CHECK (amount_fen > 0);
ALTER TABLE treasury_expectation ADD CONSTRAINT treasury_expectation_positive CHECK (amount_fen > 0);
ALTER TABLE treasury_payment ADD CONSTRAINT treasury_payment_positive CHECK (amount_fen > 0);
ALTER TABLE treasury_payment ADD CONSTRAINT treasury_payment_sent_has_number CHECK (state = 'READY' OR send_seq_no <> '');
ALTER TABLE treasury_payment ADD CONSTRAINT treasury_payment_done_has_reference CHECK (state <> 'DONE' OR bank_reference <> '');
ALTER TABLE treasury_payment ADD CONSTRAINT treasury_payment_two_people CHECK (checker IS NULL OR checker <> maker);
ALTER TABLE treasury_collectionline ADD CONSTRAINT treasury_collectionline_positive CHECK (amount_fen > 0);
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON treasury_cashentry
    FOR EACH STATEMENT EXECUTE FUNCTION hpf_refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON treasury_statementline
    FOR EACH STATEMENT EXECUTE FUNCTION hpf_refuse_change();
CREATE INDEX treasury_expectation_plain ON treasury_expectation (centre_id, replace(upper(reference), '-', ''));
