-- What happened to a freeze is only ever added, whoever writes; a paper and its attachments are never removed.
CREATE SEQUENCE freezes_number;
GRANT USAGE ON SEQUENCE freezes_number TO hpf_app;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON freezes_event
    FOR EACH STATEMENT EXECUTE FUNCTION hpf_refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON freezes_document
    FOR EACH STATEMENT EXECUTE FUNCTION hpf_refuse_change();
