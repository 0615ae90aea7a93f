-- function company_slug_take(uuid, text)
CREATE FUNCTION company_slug_take(a_company_id uuid, a_slug text) RETURNS text LANGUAGE plpgsql AS $$
-- The first free address of `a_slug`, `a_slug-2`, … for a company, taken for it for ever. One it had before is free
-- for it. Called by the two functions below and by nobody else.
DECLARE
    found_slug text := a_slug;
    n int := 1;
BEGIN
    LOOP
        INSERT INTO company_slugs (slug, company_id) VALUES (found_slug, a_company_id) ON CONFLICT (slug) DO NOTHING;
        EXIT WHEN FOUND
            OR EXISTS (SELECT FROM company_slugs WHERE slug = found_slug AND company_id = a_company_id);
        n := n + 1;
        found_slug := a_slug || '-' || n;
    END LOOP;
    RETURN found_slug;
END $$
-- function slug_take(text)
CREATE FUNCTION slug_take(a_slug text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    IF portal_scope() IS DISTINCT FROM 'member' OR portal_company() IS NULL THEN
        RAISE EXCEPTION 'an address is taken for the member''s own company' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN company_slug_take(portal_company(), a_slug);
END $$
-- function slugs_taken_since(timestamptz)
CREATE FUNCTION slugs_taken_since(a_since timestamptz) RETURNS bigint LANGUAGE sql STABLE AS $$
    SELECT count(*) FROM company_slugs WHERE company_id = portal_company() AND taken_at > a_since
$$
-- function slug_moved(text)
CREATE FUNCTION slug_moved(a_slug text) RETURNS text LANGUAGE sql STABLE AS $$
    -- Where a vendor that is listed now is found, by any address it ever had.
    SELECT d.slug FROM company_slugs s JOIN directory_entries d ON d.vendor_id = s.company_id WHERE s.slug = a_slug
$$
-- function company_slug_keep()
CREATE FUNCTION company_slug_keep() RETURNS trigger LANGUAGE plpgsql AS $$
-- However a company gets its address, the address is noted; one that another company ever had is refused.
BEGIN
    INSERT INTO company_slugs (slug, company_id) VALUES (NEW.slug, NEW.id) ON CONFLICT (slug) DO NOTHING;
    IF NOT EXISTS (SELECT FROM company_slugs WHERE slug = NEW.slug AND company_id = NEW.id) THEN
        RAISE EXCEPTION 'the address % was another company''s', NEW.slug
            USING ERRCODE = 'unique_violation', CONSTRAINT = 'pk_company_slugs', TABLE = 'company_slugs';
    END IF;
    RETURN NULL;
END $$
-- function company_create(uuid, uuid, text, text, text, text, text, text)
CREATE FUNCTION company_create(a_id uuid, a_person_id uuid, a_kind text, a_name text, a_slug text, a_country text,
                               a_timezone text, a_currency text)
RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    found_slug text := company_slug_take(a_id, a_slug);
BEGIN
    INSERT INTO companies (id, kind, name, slug, state, country, timezone, currency)
    VALUES (a_id, a_kind, a_name, found_slug, 'applied', a_country, a_timezone, a_currency);
    INSERT INTO company_details (company_id, legal_name) VALUES (a_id, a_name);
    INSERT INTO memberships (id, company_id, person_id, role) VALUES (gen_random_uuid(), a_id, a_person_id, 'owner');
    UPDATE companies c SET state = 'open', open_at = portal_now() FROM people p
     WHERE c.id = a_id AND p.id = a_person_id AND p.confirmed_at IS NOT NULL;
    RETURN found_slug;
END $$
-- function service_slugs(uuid)
CREATE FUNCTION service_slugs(a_company_id uuid) RETURNS TABLE (service_id uuid, slug text) LANGUAGE sql STABLE AS $$
    -- Every address a company's services have or had, drafts included: a moderator sees none of those.
    SELECT s.id, one FROM services s, unnest(array_append(s.old_slugs, s.slug)) AS one
     WHERE s.company_id = a_company_id
       AND (portal_scope() = 'staff' OR (portal_scope() = 'member' AND portal_company() = a_company_id))
$$
-- function service_slug_moved(uuid, text)
CREATE FUNCTION service_slug_moved(a_company_id uuid, a_slug text) RETURNS text LANGUAGE sql STABLE AS $$
    -- Where a listed service is found, by an address it had before.
    SELECT s.slug FROM services s WHERE s.company_id = a_company_id AND s.state = 'live' AND a_slug = ANY (s.old_slugs)
$$
