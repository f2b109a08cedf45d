-- Numbers printed on paper carry the row's own id.
GRANT USAGE ON SEQUENCE accounts_employeraccount_id_seq, accounts_memberaccount_id_seq TO hpf_app;

-- History is written once.
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON accounts_event
    FOR EACH STATEMENT EXECUTE FUNCTION hpf_refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON accounts_base
    FOR EACH STATEMENT EXECUTE FUNCTION hpf_refuse_change();
