-- The registry is the one table that every centre reads; each writes its own lines only.
ALTER TABLE parties_registry ENABLE ROW LEVEL SECURITY;
CREATE POLICY every_centre_reads ON parties_registry FOR SELECT TO hpf_app USING (true);
CREATE POLICY own_centre_enters ON parties_registry FOR INSERT TO hpf_app WITH CHECK (centre_id = (SELECT hpf_centre()));
CREATE POLICY own_centre_changes ON parties_registry FOR UPDATE TO hpf_app
    USING (centre_id = (SELECT hpf_centre())) WITH CHECK (centre_id = (SELECT hpf_centre()));
CREATE POLICY own_centre_removes ON parties_registry FOR DELETE TO hpf_app USING (centre_id = (SELECT hpf_centre()));
GRANT SELECT, INSERT, UPDATE, DELETE ON parties_registry TO hpf_app;

-- Ids are drawn before the rows are written, together with the numbers printed for them.
GRANT USAGE ON SEQUENCE parties_employer_id_seq TO hpf_app;

-- What was changed stays as it was written.
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON parties_change
    FOR EACH STATEMENT EXECUTE FUNCTION hpf_refuse_change();
