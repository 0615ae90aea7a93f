-- function directory_source(uuid)
CREATE FUNCTION directory_source(a_vendor_id uuid) RETURNS jsonb LANGUAGE plpgsql AS $$
BEGIN
    -- Whoever projects a vendor waits for who is doing it already, and then reads what that one committed.
    PERFORM pg_advisory_xact_lock(hashtextextended('directory' || a_vendor_id, 0));
    -- Only what is public anyway: companies that are open, with the published copies of their live services.
    RETURN (
        SELECT jsonb_build_object(
                   'vendor_id', c.id, 'slug', c.slug, 'name', c.name, 'country', c.country, 'timezone', c.timezone,
                   'listed_at', (SELECT min(s.live_at) FROM services s WHERE s.company_id = c.id AND s.state = 'live'),
                   'profile', (SELECT to_jsonb(p) - 'company_id' - 'version'
                                 FROM vendor_profiles p WHERE p.company_id = c.id),
                   'services', (SELECT jsonb_agg(s.live || jsonb_build_object('id', s.id, 'slug', s.slug,
                                                                              'live_at', s.live_at)
                                                 ORDER BY s.live_at, s.id)
                                  FROM services s WHERE s.company_id = c.id AND s.state = 'live'),
                   'standings', (SELECT jsonb_object_agg(t.figure, jsonb_build_object('value', t.value, 'n', t.n))
                                   FROM standings t WHERE t.company_id = c.id))
          FROM companies c
         WHERE c.id = a_vendor_id AND c.kind = 'vendor' AND c.state = 'open'
           AND EXISTS (SELECT 1 FROM services s WHERE s.company_id = c.id AND s.state = 'live'));
END $$
-- function directory_write(uuid, jsonb)
CREATE FUNCTION directory_write(a_vendor_id uuid, a_entry jsonb) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    before text[];
    after text[] := '{}';
    change record;
BEGIN
    IF portal_scope() IS NULL OR portal_scope() NOT IN ('member', 'staff') THEN
        RAISE EXCEPTION 'the directory is written for a member or staff' USING ERRCODE = 'insufficient_privilege';
    END IF;
    PERFORM pg_advisory_xact_lock(hashtextextended('directory' || a_vendor_id, 0));
    DELETE FROM directory_entries WHERE vendor_id = a_vendor_id RETURNING facets INTO before;
    IF a_entry IS NOT NULL THEN
        INSERT INTO directory_entries SELECT (jsonb_populate_record(NULL::directory_entries, a_entry)).*;
        SELECT facets INTO after FROM directory_entries WHERE vendor_id = a_vendor_id;
    END IF;
    -- In one order, so that two vendors that are projected at once never wait for each other crosswise.
    FOR change IN
        SELECT facet, sum(step) AS step
          FROM (SELECT unnest(after) AS facet, 1 AS step UNION ALL SELECT unnest(before), -1
                UNION ALL SELECT 'all', 1 WHERE a_entry IS NOT NULL
                UNION ALL SELECT 'all', -1 WHERE before IS NOT NULL) AS steps
         GROUP BY facet HAVING sum(step) <> 0 ORDER BY facet
    LOOP
        INSERT INTO directory_counts AS d (facet, count) VALUES (change.facet, change.step)
            ON CONFLICT (facet) DO UPDATE SET count = d.count + change.step;
    END LOOP;
END $$
-- function directory_vendors()
CREATE FUNCTION directory_vendors() RETURNS SETOF uuid LANGUAGE sql STABLE AS $$
    SELECT company_id FROM services WHERE state = 'live' UNION SELECT vendor_id FROM directory_entries ORDER BY 1
$$
-- function standing_write(uuid, text, text, bigint, timestamptz)
CREATE FUNCTION standing_write(a_company_id uuid, a_figure text, a_value text, a_n bigint, a_as_of timestamptz)
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF portal_scope() IS NULL OR portal_scope() NOT IN ('member', 'staff') THEN
        RAISE EXCEPTION 'standings are written for a member or staff' USING ERRCODE = 'insufficient_privilege';
    END IF;
    INSERT INTO standings (company_id, figure, value, n, as_of) VALUES (a_company_id, a_figure, a_value, a_n, a_as_of)
        ON CONFLICT (company_id, figure) DO UPDATE SET value = a_value, n = a_n, as_of = a_as_of;
END $$
