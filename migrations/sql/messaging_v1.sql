-- function notify_company(uuid, uuid, text, jsonb, text[])
CREATE FUNCTION notify_company(a_company_id uuid, a_batch uuid, a_kind text, a_params jsonb, a_roles text[])
RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    told bigint;
BEGIN
    IF portal_scope() IS NULL OR portal_scope() NOT IN ('member', 'staff') THEN
        RAISE EXCEPTION 'only members and staff tell a company something' USING ERRCODE = 'insufficient_privilege';
    END IF;
    -- Time first, as the portal's own ids have it, so that a reader's list is in order by id alone.
    INSERT INTO notifications (id, company_id, person_id, batch, kind, params)
    SELECT (lpad(to_hex(floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint), 12, '0')
            || '7' || substr(replace(gen_random_uuid()::text, '-', ''), 14))::uuid,
           m.company_id, m.person_id, a_batch, a_kind, a_params
      FROM memberships m JOIN people p ON p.id = m.person_id
     WHERE m.company_id = a_company_id AND m.role = ANY (a_roles) AND p.suspended_at IS NULL
       AND m.person_id IS DISTINCT FROM portal_person();
    GET DIAGNOSTICS told = ROW_COUNT;
    RETURN told;
END $$
-- function notices_take(uuid)
CREATE FUNCTION notices_take(a_batch uuid)
RETURNS TABLE (kind text, params jsonb, name text, email text, locale text) LANGUAGE plpgsql AS $$
BEGIN
    RETURN QUERY
    WITH taken AS (
        UPDATE notifications n SET mailed_at = portal_now()
         WHERE n.batch = a_batch AND n.company_id = portal_company() AND n.mailed_at IS NULL
        RETURNING n.person_id, n.kind, n.params
    )
    SELECT t.kind, t.params, p.name, p.email, p.locale FROM taken t JOIN people p ON p.id = t.person_id
     WHERE p.confirmed_at IS NOT NULL AND p.suspended_at IS NULL
       AND NOT EXISTS (SELECT 1 FROM notification_preferences w WHERE w.person_id = p.id AND NOT w.by_mail);
END $$
