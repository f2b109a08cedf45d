-- 待投递: which centres have what to deliver, in one look over all of them. It tells kinds and centres, never content.
CREATE FUNCTION hpf_outbox_due(p_at timestamptz) RETURNS TABLE (centre_id smallint, kind text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
    SELECT DISTINCT m.centre_id::smallint, m.kind::text FROM outbox_message m
    WHERE m.delivered_at IS NULL AND (m.next_try_at IS NULL OR m.next_try_at <= p_at)
$$;
REVOKE EXECUTE ON FUNCTION hpf_outbox_due FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hpf_outbox_due TO hpf_app;
