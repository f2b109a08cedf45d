-- Ids are drawn before the rows are written, together with the numbers printed for them.
GRANT USAGE ON SEQUENCE accounts_employeraccount_id_seq, accounts_memberaccount_id_seq TO hpf_app;

-- History is written once.
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON accounts_event
    FOR EACH STATEMENT EXECUTE FUNCTION hpf_refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON accounts_base
    FOR EACH STATEMENT EXECUTE FUNCTION hpf_refuse_change();
