-- function saved_searches_due(uuid, uuid, bigint)
CREATE FUNCTION saved_searches_due(a_company_id uuid, a_person_id uuid, a_most bigint)
RETURNS TABLE (company_id uuid, person_id uuid) LANGUAGE sql STABLE AS $$
    -- Whose searches were last looked at before six this morning, by the clock of where the person is; those that
    -- follow a company and person in the order of their ids.
    SELECT DISTINCT s.company_id, s.person_id
      FROM saved_searches s
      JOIN companies c ON c.id = s.company_id AND c.state = 'open'
      JOIN people p ON p.id = s.person_id AND p.confirmed_at IS NOT NULL AND p.suspended_at IS NULL
     WHERE s.by_mail
       AND s.looked_at < (date_trunc('day', portal_now() AT TIME ZONE p.timezone - interval '6 hours')
                          + interval '6 hours') AT TIME ZONE p.timezone
       AND (a_company_id IS NULL OR (s.company_id, s.person_id) > (a_company_id, a_person_id))
     ORDER BY 1, 2 LIMIT a_most
$$
-- function notify_person(uuid, uuid, uuid, text, jsonb)
CREATE FUNCTION notify_person(a_company_id uuid, a_person_id uuid, a_batch uuid, a_kind text, a_params jsonb)
RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    told bigint;
BEGIN
    IF portal_scope() IS DISTINCT FROM 'member' OR portal_company() IS DISTINCT FROM a_company_id THEN
        RAISE EXCEPTION 'only a company itself tells one of its members something'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    -- Time first, as the portal's own ids have it, so that a reader's list is in order by id alone.
    INSERT INTO notifications (id, company_id, person_id, batch, kind, params)
    SELECT (lpad(to_hex(floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint), 12, '0')
            || '7' || substr(replace(gen_random_uuid()::text, '-', ''), 14))::uuid,
           m.company_id, m.person_id, a_batch, a_kind, a_params
      FROM memberships m JOIN people p ON p.id = m.person_id
     WHERE m.company_id = a_company_id AND m.person_id = a_person_id AND p.suspended_at IS NULL;
    GET DIAGNOSTICS told = ROW_COUNT;
    RETURN told;
END $$
