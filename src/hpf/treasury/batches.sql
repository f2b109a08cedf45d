-- 批量付款: numbers of payments drawn before their rows are written, so that journals, accounts and rows each go in by one statement.
CREATE FUNCTION hpf_payment_ids(p_count integer) RETURNS bigint[] LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public AS $$
    SELECT array_agg(nextval(pg_get_serial_sequence('treasury_payment', 'id'))) FROM generate_series(1, p_count)
$$;
REVOKE EXECUTE ON FUNCTION hpf_payment_ids FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hpf_payment_ids TO hpf_app;
ALTER TABLE treasury_paymentbatch ADD CONSTRAINT treasury_paymentbatch_positive CHECK (amount_fen > 0 AND line_count > 0);
ALTER TABLE treasury_paymentbatch ADD CONSTRAINT treasury_paymentbatch_sent_has_number CHECK (state = 'READY' OR send_seq_no <> '');
