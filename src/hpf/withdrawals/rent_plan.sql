-- 租房提取计划: the province sets plans for any centre, a centre for itself; what was set is never changed.
CREATE POLICY province_sets ON withdrawals_rentplan FOR INSERT TO hpf_app WITH CHECK ((SELECT hpf_centre()) = 0);
CREATE POLICY province_reads ON withdrawals_rentplan FOR SELECT TO hpf_app USING ((SELECT hpf_centre()) = 0);
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON withdrawals_rentplan
    FOR EACH STATEMENT EXECUTE FUNCTION hpf_refuse_change();
