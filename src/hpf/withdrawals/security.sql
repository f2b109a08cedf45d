-- 凭证一次: unique among all centres; what another centre used is told only to whoever already knows the evidence.
CREATE INDEX withdrawals_evidence_subject ON withdrawals_evidenceuse (subject) WHERE released_on IS NULL;

CREATE FUNCTION hpf_evidence_used(p_subjects bytea[])
RETURNS TABLE (subject bytea, digest bytea, centre_id smallint, application_no varchar, person_ref varchar, amount_fen bigint, used_on date)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
    SELECT e.subject, e.digest, e.centre_id, e.application_no, e.person_ref, e.amount_fen, e.used_on
    FROM withdrawals_evidenceuse e WHERE e.subject = ANY (p_subjects) AND e.released_on IS NULL ORDER BY e.id
$$;
REVOKE EXECUTE ON FUNCTION hpf_evidence_used FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hpf_evidence_used TO hpf_app;

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON withdrawals_decision
    FOR EACH STATEMENT EXECUTE FUNCTION hpf_refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON withdrawals_event
    FOR EACH STATEMENT EXECUTE FUNCTION hpf_refuse_change();

CREATE SEQUENCE withdrawals_number;
GRANT USAGE ON SEQUENCE withdrawals_number TO hpf_app;
