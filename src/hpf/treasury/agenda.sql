-- 待听: every centre's bank accounts in one look over all of them, and whether a centre waits for its bank or for matching.
-- It tells account numbers and days, never money or people.
CREATE FUNCTION hpf_bank_agenda() RETURNS TABLE (centre_id smallint, account_no text, heard_from date, waits boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
    SELECT b.centre_id, b.account_no::text, COALESCE(b.seen_through, b.opened_on),
           EXISTS (SELECT 1 FROM treasury_payment p WHERE p.centre_id = b.centre_id AND p.state IN ('READY', 'SENT', 'PROCESSING'))
           OR EXISTS (SELECT 1 FROM treasury_collection c WHERE c.centre_id = b.centre_id AND c.state IN ('READY', 'SENT', 'PROCESSING'))
           OR EXISTS (SELECT 1 FROM treasury_receipt r WHERE r.centre_id = b.centre_id AND r.state = 'SUSPENSE' AND r.reason_code = 'NEW')
    FROM treasury_bankaccount b WHERE b.closed_on IS NULL ORDER BY b.centre_id, b.id
$$;
REVOKE EXECUTE ON FUNCTION hpf_bank_agenda FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hpf_bank_agenda TO hpf_app;
