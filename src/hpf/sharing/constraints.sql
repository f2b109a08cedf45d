-- What the tables of sharing never hold, whoever writes them.
ALTER TABLE sharing_consent ADD CONSTRAINT sharing_consent_ends CHECK (ends_at > given_at);
ALTER TABLE sharing_consent ADD CONSTRAINT sharing_consent_ref CHECK (person_ref ~ '^P[0-9a-f]{32}$');
ALTER TABLE sharing_question ADD CONSTRAINT sharing_question_deadline CHECK (deadline_at > asked_at);
ALTER TABLE sharing_grant ADD CONSTRAINT sharing_grant_term CHECK (until > since AND calls_per_day > 0);
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON sharing_question
    FOR EACH STATEMENT EXECUTE FUNCTION hpf_refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON sharing_answer
    FOR EACH STATEMENT EXECUTE FUNCTION hpf_refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON sharing_look
    FOR EACH STATEMENT EXECUTE FUNCTION hpf_refuse_change();

-- A consent is given once and taken back once; nothing else about it ever changes.
CREATE FUNCTION sharing_consent_only_withdrawn() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.withdrawn_at IS NOT NULL OR to_jsonb(NEW) - 'withdrawn_at' <> to_jsonb(OLD) - 'withdrawn_at' THEN
        RAISE EXCEPTION '授权只能撤回，不得修改' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER only_withdrawn BEFORE UPDATE ON sharing_consent
    FOR EACH ROW EXECUTE FUNCTION sharing_consent_only_withdrawn();
