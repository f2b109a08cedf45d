-- 结息年度冻结: lines of a posted settlement never change; a posted settlement stays posted.
CREATE FUNCTION closing_refuse_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM old_lines o JOIN closing_settlement s ON s.centre_id = o.centre_id AND s.year = o.year WHERE s.state = 'POSTED') THEN
        RAISE EXCEPTION '该结息年度已入账并冻结，明细不得修改或删除' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER frozen_delete AFTER DELETE ON closing_settlementline REFERENCING OLD TABLE AS old_lines
    FOR EACH STATEMENT EXECUTE FUNCTION closing_refuse_frozen();
CREATE TRIGGER frozen_update AFTER UPDATE ON closing_settlementline REFERENCING OLD TABLE AS old_lines
    FOR EACH STATEMENT EXECUTE FUNCTION closing_refuse_frozen();
CREATE FUNCTION closing_refuse_reopen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state = 'POSTED' THEN
        RAISE EXCEPTION '% 年度已结息入账并冻结，更正请用调账', OLD.year USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER frozen BEFORE UPDATE OR DELETE ON closing_settlement FOR EACH ROW EXECUTE FUNCTION closing_refuse_reopen();
