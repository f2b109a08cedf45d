-- 收款单号、付款单号、代收批号、付款批号 carry the id of their row, by which they are found. So these ids are counted within the centre:
-- the centre, then eight digits. Rows from before keep theirs, which are smaller than any of these.
INSERT INTO parties_series VALUES ('receipts', '收款单号'), ('payments', '付款单号'), ('collections', '代收批号'), ('batches', '付款批号');

-- Not in SQL: as the default of a column it is called row by row, and plpgsql keeps its plan.
CREATE FUNCTION hpf_id_in_centre(p_series text) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN
    RETURN hpf_centre() * 100000000::bigint + nextval(hpf_sequence(hpf_centre(), p_series));
END $$;
REVOKE EXECUTE ON FUNCTION hpf_id_in_centre FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hpf_id_in_centre TO hpf_app;

CREATE OR REPLACE FUNCTION hpf_payment_ids(p_count integer) RETURNS bigint[] LANGUAGE sql VOLATILE SET search_path = public AS $$
    SELECT array_agg(hpf_centre() * 100000000::bigint + n ORDER BY n) FROM hpf_take_numbers(hpf_centre(), 'payments', p_count) AS n
$$;

ALTER TABLE treasury_receipt ALTER COLUMN id DROP IDENTITY;
ALTER TABLE treasury_receipt ALTER COLUMN id SET DEFAULT hpf_id_in_centre('receipts');
ALTER TABLE treasury_payment ALTER COLUMN id DROP IDENTITY;
ALTER TABLE treasury_payment ALTER COLUMN id SET DEFAULT hpf_id_in_centre('payments');
ALTER TABLE treasury_collection ALTER COLUMN id DROP IDENTITY;
ALTER TABLE treasury_collection ALTER COLUMN id SET DEFAULT hpf_id_in_centre('collections');
ALTER TABLE treasury_paymentbatch ALTER COLUMN id DROP IDENTITY;
ALTER TABLE treasury_paymentbatch ALTER COLUMN id SET DEFAULT hpf_id_in_centre('batches');
