-- 佐证不可暗换: evidence is added and withdrawn in the open, never exchanged; an accepted occurrence is never touched again.
CREATE FUNCTION workplan_guard_evidence() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    occurrence_state text;
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION '佐证 % 不得删除，需要更正的请撤回并说明原因', OLD.id USING ERRCODE = 'insufficient_privilege';
    END IF;
    SELECT state INTO occurrence_state FROM workplan_occurrence WHERE id = NEW.occurrence_id;
    IF occurrence_state IN ('ACCEPTED', 'WITHDRAWN') THEN
        RAISE EXCEPTION '期次 % 已认可，其佐证不得增加、更换或撤回', NEW.occurrence_id USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF TG_OP = 'UPDATE' AND (OLD.withdrawn_at IS NOT NULL OR NEW.withdrawn_at IS NULL OR NEW.withdrawn_reason = ''
        OR (to_jsonb(OLD) - '{content,withdrawn_by,withdrawn_at,withdrawn_reason}'::text[])
           IS DISTINCT FROM (to_jsonb(NEW) - '{content,withdrawn_by,withdrawn_at,withdrawn_reason}'::text[])
        OR OLD.content IS DISTINCT FROM NEW.content) THEN
        RAISE EXCEPTION '佐证 % 不得更换，只可撤回一次并说明原因', OLD.id USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER guarded BEFORE INSERT OR UPDATE OR DELETE ON workplan_evidence FOR EACH ROW EXECUTE FUNCTION workplan_guard_evidence();
CREATE TRIGGER never_emptied BEFORE TRUNCATE ON workplan_evidence FOR EACH STATEMENT EXECUTE FUNCTION hpf_refuse_change();
ALTER TABLE workplan_evidence ADD CONSTRAINT workplan_evidence_digest CHECK (sha256 = encode(sha256(content), 'hex'));
ALTER TABLE workplan_edition ADD CONSTRAINT workplan_edition_digest CHECK (sha256 = encode(sha256(content), 'hex'));

CREATE FUNCTION workplan_guard_occurrence() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.state IN ('ACCEPTED', 'WITHDRAWN') THEN
        RAISE EXCEPTION '期次 % 已认可或已撤销，不得再改', OLD.id USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF NEW.first_due_on <> OLD.first_due_on THEN
        RAISE EXCEPTION '期次 % 的原到期日不得修改', OLD.id USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER guarded BEFORE UPDATE OR DELETE ON workplan_occurrence FOR EACH ROW EXECUTE FUNCTION workplan_guard_occurrence();

-- A figure is signed, refused or superseded; the figure itself never changes.
CREATE FUNCTION workplan_guard_reading() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.is_superseded OR (OLD.signed_by <> '' AND NEW.signed_by <> OLD.signed_by)
        OR (to_jsonb(OLD) - '{signed_by,signed_by_name,signed_at,refused_reason,is_superseded}'::text[])
           IS DISTINCT FROM (to_jsonb(NEW) - '{signed_by,signed_by_name,signed_at,refused_reason,is_superseded}'::text[]) THEN
        RAISE EXCEPTION '测量值 % 不得修改，更正请重新填报', OLD.id USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER guarded BEFORE UPDATE OR DELETE ON workplan_reading FOR EACH ROW EXECUTE FUNCTION workplan_guard_reading();

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON workplan_event FOR EACH STATEMENT EXECUTE FUNCTION hpf_refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON workplan_deadlinemove FOR EACH STATEMENT EXECUTE FUNCTION hpf_refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON workplan_edition FOR EACH STATEMENT EXECUTE FUNCTION hpf_refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON workplan_clause FOR EACH STATEMENT EXECUTE FUNCTION hpf_refuse_change();

-- The province (centre 0) hands tasks out to every centre; it reads and changes them in that centre's scope like anybody else.
CREATE POLICY province_hands_out ON workplan_assignment FOR INSERT TO hpf_app WITH CHECK ((SELECT hpf_centre()) = 0);
CREATE POLICY province_hands_out ON workplan_occurrence FOR INSERT TO hpf_app WITH CHECK ((SELECT hpf_centre()) = 0);
CREATE POLICY province_tells_all ON workplan_event FOR SELECT TO hpf_app USING (centre_id = 0);
GRANT USAGE ON SEQUENCE workplan_assignment_id_seq TO hpf_app;

-- The plan itself is everybody's to read and the province's to write.
DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY '{plan,edition,clause,sentence,task,tasksource}'::text[] LOOP
        EXECUTE format('ALTER TABLE workplan_%s ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('CREATE POLICY everybody_reads ON workplan_%s FOR SELECT TO hpf_app USING (true)', name);
        EXECUTE format('CREATE POLICY province_adds ON workplan_%s FOR INSERT TO hpf_app WITH CHECK ((SELECT hpf_centre()) = 0)', name);
        EXECUTE format('CREATE POLICY province_changes ON workplan_%s FOR UPDATE TO hpf_app USING ((SELECT hpf_centre()) = 0)', name);
    END LOOP;
END $$;
