-- function account_find(text)
CREATE FUNCTION account_find(a_email_key text)
RETURNS TABLE (person_id uuid, name text, locale text, password_hash text, confirmed boolean, suspended boolean)
LANGUAGE sql STABLE AS $$
    SELECT p.id, p.name, p.locale, c.password_hash, p.confirmed_at IS NOT NULL, p.suspended_at IS NOT NULL
      FROM people p JOIN credentials c ON c.person_id = p.id WHERE p.email_key = a_email_key
$$
-- function account_create(uuid, text, text, text, text, text, text)
CREATE FUNCTION account_create(a_id uuid, a_email text, a_email_key text, a_name text, a_locale text,
                               a_timezone text, a_password_hash text)
RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO people (id, email, email_key, name, locale, timezone)
    VALUES (a_id, a_email, a_email_key, a_name, a_locale, a_timezone) ON CONFLICT (email_key) DO NOTHING;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    INSERT INTO credentials VALUES (a_id, a_password_hash, portal_now());
    RETURN true;
END $$
-- function company_create(uuid, uuid, text, text, text, text, text, text)
CREATE FUNCTION company_create(a_id uuid, a_person_id uuid, a_kind text, a_name text, a_slug text, a_country text,
                               a_timezone text, a_currency text)
RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    found_slug text := a_slug;
    n int := 1;
BEGIN
    LOOP
        INSERT INTO companies (id, kind, name, slug, state, country, timezone, currency)
        VALUES (a_id, a_kind, a_name, found_slug, 'applied', a_country, a_timezone, a_currency)
        ON CONFLICT (slug) DO NOTHING;
        EXIT WHEN FOUND;
        n := n + 1;
        found_slug := a_slug || '-' || n;
    END LOOP;
    INSERT INTO company_details (company_id, legal_name) VALUES (a_id, a_name);
    INSERT INTO memberships (id, company_id, person_id, role) VALUES (gen_random_uuid(), a_id, a_person_id, 'owner');
    UPDATE companies c SET state = 'open', open_at = portal_now() FROM people p
     WHERE c.id = a_id AND p.id = a_person_id AND p.confirmed_at IS NOT NULL;
    RETURN found_slug;
END $$
-- function link_issue(text, text, uuid, interval)
CREATE FUNCTION link_issue(a_purpose text, a_token_hash text, a_person_id uuid, a_lifetime interval)
RETURNS void LANGUAGE sql AS $$
    UPDATE links SET used_at = portal_now() WHERE person_id = a_person_id AND purpose = a_purpose AND used_at IS NULL;
    INSERT INTO links (token_hash, purpose, person_id, expires_at)
    VALUES (a_token_hash, a_purpose, a_person_id, portal_now() + a_lifetime)
$$
-- function link_person(text, text)
CREATE FUNCTION link_person(a_purpose text, a_token_hash text) RETURNS uuid LANGUAGE sql STABLE AS $$
    SELECT person_id FROM links
     WHERE token_hash = a_token_hash AND purpose = a_purpose AND used_at IS NULL AND expires_at > portal_now()
$$
-- function account_confirm(text)
CREATE FUNCTION account_confirm(a_token_hash text) RETURNS uuid LANGUAGE plpgsql AS $$
DECLARE
    found_person uuid;
BEGIN
    UPDATE links SET used_at = portal_now()
     WHERE token_hash = a_token_hash AND purpose = 'confirm' AND used_at IS NULL AND expires_at > portal_now()
    RETURNING person_id INTO found_person;
    UPDATE people SET confirmed_at = COALESCE(confirmed_at, portal_now()) WHERE id = found_person;
    UPDATE companies c SET state = 'open', open_at = portal_now() FROM memberships m
     WHERE m.company_id = c.id AND m.person_id = found_person AND m.role = 'owner' AND c.state = 'applied';
    RETURN found_person;
END $$
-- function account_reset(text, text)
CREATE FUNCTION account_reset(a_token_hash text, a_password_hash text) RETURNS uuid LANGUAGE plpgsql AS $$
DECLARE
    found_person uuid;
BEGIN
    UPDATE links SET used_at = portal_now()
     WHERE token_hash = a_token_hash AND purpose = 'reset' AND used_at IS NULL AND expires_at > portal_now()
    RETURNING person_id INTO found_person;
    UPDATE credentials SET password_hash = a_password_hash, changed_at = portal_now() WHERE person_id = found_person;
    UPDATE sessions SET ended_at = portal_now() WHERE person_id = found_person AND ended_at IS NULL;
    RETURN found_person;
END $$
-- function password_hash_own()
CREATE FUNCTION password_hash_own() RETURNS text LANGUAGE sql STABLE AS $$
    SELECT password_hash FROM credentials WHERE person_id = portal_person()
$$
-- function password_change(text, text)
CREATE FUNCTION password_change(a_password_hash text, a_kept_session text) RETURNS void LANGUAGE sql AS $$
    UPDATE credentials SET password_hash = a_password_hash, changed_at = portal_now()
     WHERE person_id = portal_person();
    UPDATE sessions SET ended_at = portal_now()
     WHERE person_id = portal_person() AND ended_at IS NULL AND token_hash <> a_kept_session
$$
-- function session_open(text, uuid, interval, text)
CREATE FUNCTION session_open(a_token_hash text, a_person_id uuid, a_lifetime interval, a_browser text)
RETURNS void LANGUAGE sql AS $$
    INSERT INTO sessions (token_hash, person_id, company_id, expires_at, browser)
    VALUES (a_token_hash, a_person_id,
            (SELECT m.company_id FROM memberships m WHERE m.person_id = a_person_id ORDER BY m.created_at LIMIT 1),
            -- A stolen session of staff is worth more: it ends with the working day.
            portal_now() + CASE WHEN EXISTS (SELECT 1 FROM staff_memberships s WHERE s.person_id = a_person_id)
                                THEN LEAST(a_lifetime, interval '12 hours') ELSE a_lifetime END, a_browser)
$$
-- function session_find(text)
CREATE FUNCTION session_find(a_token_hash text)
RETURNS TABLE (person_id uuid, person_name text, email text, locale text, timezone text, company_id uuid,
               company_name text, company_kind text, company_state text, role text, staff_roles text[], company_count bigint)
LANGUAGE sql STABLE AS $$
    SELECT p.id, p.name, p.email, p.locale, p.timezone, c.id, c.name, c.kind, c.state, m.role,
           ARRAY(SELECT s.role FROM staff_memberships s WHERE s.person_id = p.id ORDER BY s.role),
           (SELECT count(*) FROM memberships o WHERE o.person_id = p.id)
      FROM sessions s JOIN people p ON p.id = s.person_id
      LEFT JOIN memberships m ON m.company_id = s.company_id AND m.person_id = p.id
      LEFT JOIN companies c ON c.id = m.company_id
     WHERE s.token_hash = a_token_hash AND s.ended_at IS NULL AND s.expires_at > portal_now()
       AND p.suspended_at IS NULL
$$
-- function session_switch(text, uuid)
CREATE FUNCTION session_switch(a_token_hash text, a_company_id uuid) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    UPDATE sessions s SET company_id = a_company_id
     WHERE s.token_hash = a_token_hash AND s.person_id = portal_person() AND s.ended_at IS NULL
       AND EXISTS (SELECT 1 FROM memberships m WHERE m.person_id = s.person_id AND m.company_id = a_company_id);
    RETURN FOUND;
END $$
-- function session_end(text)
CREATE FUNCTION session_end(a_token_hash text) RETURNS void LANGUAGE sql AS $$
    UPDATE sessions SET ended_at = portal_now() WHERE token_hash = a_token_hash AND ended_at IS NULL
$$
-- function sessions_end_of(uuid)
CREATE FUNCTION sessions_end_of(a_person_id uuid) RETURNS void LANGUAGE sql AS $$
    UPDATE sessions s SET ended_at = portal_now() WHERE s.person_id = a_person_id AND s.ended_at IS NULL
       AND (portal_scope() = 'staff' OR portal_person() = a_person_id)
$$
-- function invitation_find(text)
CREATE FUNCTION invitation_find(a_token_hash text)
RETURNS TABLE (company_id uuid, company_name text, company_kind text, email text, email_key text, role text)
LANGUAGE sql STABLE AS $$
    SELECT c.id, c.name, c.kind, i.email, i.email_key, i.role
      FROM invitations i JOIN companies c ON c.id = i.company_id
     WHERE i.token_hash = a_token_hash AND i.accepted_at IS NULL AND i.revoked_at IS NULL
       AND i.expires_at > portal_now() AND c.state IN ('applied', 'open')
$$
-- function invitation_accept(text, uuid)
CREATE FUNCTION invitation_accept(a_token_hash text, a_person_id uuid) RETURNS uuid LANGUAGE plpgsql AS $$
DECLARE
    taken record;
BEGIN
    UPDATE invitations i SET accepted_at = portal_now() FROM people p
     WHERE i.token_hash = a_token_hash AND i.accepted_at IS NULL AND i.revoked_at IS NULL
       AND i.expires_at > portal_now() AND p.id = a_person_id AND p.email_key = i.email_key
    RETURNING i.company_id, i.role INTO taken;
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;
    -- The link came by e-mail, so whoever holds it has shown that the address is theirs.
    UPDATE people SET confirmed_at = COALESCE(confirmed_at, portal_now()) WHERE id = a_person_id;
    INSERT INTO memberships (id, company_id, person_id, role)
    VALUES (gen_random_uuid(), taken.company_id, a_person_id, taken.role) ON CONFLICT DO NOTHING;
    RETURN taken.company_id;
END $$
-- function attempt_add(text)
CREATE FUNCTION attempt_add(a_key text) RETURNS void LANGUAGE sql AS $$
    DELETE FROM attempts WHERE key = a_key AND at < portal_now() - interval '1 day';
    INSERT INTO attempts (key, at) VALUES (a_key, portal_now())
$$
-- function attempt_count(text, interval)
CREATE FUNCTION attempt_count(a_key text, a_window interval) RETURNS bigint LANGUAGE sql STABLE AS $$
    SELECT count(*) FROM attempts WHERE key = a_key AND at > portal_now() - a_window
$$
-- function attempts_clear(text)
CREATE FUNCTION attempts_clear(a_key text) RETURNS void LANGUAGE sql AS $$
    DELETE FROM attempts WHERE key = a_key
$$
-- function letterhead(uuid)
CREATE FUNCTION letterhead(a_company_id uuid)
RETURNS TABLE (company_id uuid, name text, legal_name text, vat_id text, registration_no text, address text,
               country text, billing_email text)
LANGUAGE sql STABLE AS $$
    SELECT c.id, c.name, d.legal_name, d.vat_id, d.registration_no, d.address, c.country, d.billing_email
      FROM companies c JOIN company_details d ON d.company_id = c.id
     WHERE c.id = a_company_id AND portal_scope() IN ('member', 'staff')
$$
