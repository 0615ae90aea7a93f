-- function api_token_find(text)
CREATE FUNCTION api_token_find(a_token_hash text)
RETURNS TABLE (token_id uuid, token_name text, scope text, expires_at timestamptz, used_lately boolean,
               person_id uuid, person_name text, email text, locale text, timezone text, company_id uuid,
               company_name text, company_kind text, company_state text, role text)
LANGUAGE sql STABLE AS $$
    -- Everything is looked up as it is now: a seat, a role, a suspension counts from the next request on.
    SELECT t.id, t.name, t.scope, t.expires_at, COALESCE(t.last_used_at > portal_now() - interval '1 hour', false),
           p.id, p.name, p.email, p.locale, p.timezone, c.id, c.name, c.kind, c.state, m.role
      FROM api_tokens t
      JOIN memberships m ON m.id = t.membership_id AND m.company_id = t.company_id AND m.person_id = t.person_id
      JOIN people p ON p.id = t.person_id
      JOIN companies c ON c.id = t.company_id
     WHERE t.token_hash = a_token_hash AND t.revoked_at IS NULL AND t.expires_at > portal_now()
       AND p.suspended_at IS NULL AND c.state = 'open'
$$
-- function api_token_used(uuid)
CREATE FUNCTION api_token_used(a_token_id uuid) RETURNS void LANGUAGE sql AS $$
    -- Two requests at once: the second one leaves it to the first.
    UPDATE api_tokens SET last_used_at = portal_now()
     WHERE id = (SELECT t.id FROM api_tokens t
                  WHERE t.id = a_token_id AND t.company_id = portal_company() AND t.person_id = portal_person()
                    FOR UPDATE SKIP LOCKED)
$$
