-- function directory_extras(uuid)
CREATE FUNCTION directory_extras(a_vendor_id uuid) RETURNS jsonb LANGUAGE sql STABLE AS $$
    -- Only what is public anyway, and only of vendors that are listed. A confirmed reference is shown in the words
    -- that its contact confirmed; one that was declined is not shown.
    SELECT jsonb_build_object(
        'certificates', (
            SELECT coalesce(jsonb_agg(jsonb_build_object(
                       'code', c.code, 'name', c.name, 'scope', c.scope, 'issuer', c.issuer, 'valid_to', c.valid_to,
                       'is_verified', c.state = 'verified') ORDER BY c.code, c.valid_to DESC, c.id), '[]')
              FROM certificates c WHERE c.company_id = a_vendor_id),
        'references', (
            SELECT coalesce(jsonb_agg(
                       (shown.said - CASE WHEN (shown.said ->> 'is_anonymous')::boolean THEN 'customer' ELSE '' END)
                       || jsonb_build_object('is_confirmed', shown.is_confirmed, 'comment', shown.comment)
                       ORDER BY shown.is_confirmed DESC, shown.said ->> 'started' DESC, shown.id), '[]')
              FROM (SELECT r.id, r.state = 'confirmed' AS is_confirmed,
                           CASE WHEN r.state = 'confirmed' THEN q.said ELSE jsonb_build_object(
                               'customer', r.customer, 'is_anonymous', r.is_anonymous, 'industry', r.industry,
                               'started', r.started, 'ended', r.ended, 'scope', r.scope, 'results', r.results)
                           END AS said,
                           CASE WHEN r.state = 'confirmed' AND r.shows_comment THEN q.comment ELSE '' END AS comment
                      FROM vendor_references r
                      LEFT JOIN LATERAL (SELECT * FROM reference_requests q WHERE q.reference_id = r.id
                                          AND q.verdict = 'confirmed' ORDER BY q.id DESC LIMIT 1) q ON true
                     WHERE r.company_id = a_vendor_id AND r.state <> 'declined') AS shown),
        'availability', (
            SELECT coalesce(jsonb_agg(jsonb_build_object('from', a.from_on, 'seats', a.seats) ORDER BY a.from_on), '[]')
              FROM vendor_availability a WHERE a.company_id = a_vendor_id),
        'closures', (
            SELECT coalesce(jsonb_agg(jsonb_build_object('from', o.first_on, 'to', o.last_on, 'reason', o.reason)
                                      ORDER BY o.first_on, o.last_on, o.id), '[]')
              FROM vendor_closures o WHERE o.company_id = a_vendor_id))
     WHERE EXISTS (SELECT FROM services s WHERE s.company_id = a_vendor_id AND s.state = 'live')
$$
-- function certificates_due()
CREATE FUNCTION certificates_due() RETURNS TABLE (certificate_id uuid, company_id uuid, days bigint)
LANGUAGE sql STABLE AS $$
    -- The nearest of the three days of warning, and -1 once the last day is over where the vendor is; each once for
    -- each last day, and none after a later one was given.
    SELECT c.id, c.company_id, step.days
      FROM certificates c
      JOIN companies o ON o.id = c.company_id AND o.state <> 'closed'
      CROSS JOIN LATERAL (
          SELECT min(d) AS days FROM unnest(ARRAY[-1, 7, 30, 60]::bigint[]) AS d
           WHERE c.valid_to - (portal_now() AT TIME ZONE o.timezone)::date <= d) AS step
     WHERE c.valid_to < (portal_now() + interval '62 days')::date AND step.days IS NOT NULL
       AND NOT EXISTS (SELECT FROM certificate_reminders r WHERE r.certificate_id = c.id
                        AND r.valid_to = c.valid_to AND r.days <= step.days)
     ORDER BY c.company_id, c.id
$$
-- function reference_find(text)
CREATE FUNCTION reference_find(a_token_hash text)
RETURNS TABLE (company text, contact_name text, said jsonb, state text, verdict text) LANGUAGE sql STABLE AS $$
    SELECT o.name, q.contact_name, q.said,
           CASE WHEN q.verdict IS NOT NULL THEN 'answered'
                WHEN r.state <> 'asked' OR EXISTS (SELECT FROM reference_requests n
                                                    WHERE n.reference_id = q.reference_id AND n.id > q.id) THEN 'replaced'
                WHEN q.expires_at <= portal_now() THEN 'expired'
                ELSE 'open' END,
           q.verdict
      FROM reference_requests q
      JOIN vendor_references r ON r.id = q.reference_id
      JOIN companies o ON o.id = q.company_id
     WHERE q.token_hash = a_token_hash
$$
-- function reference_answer(text, text, text)
CREATE FUNCTION reference_answer(a_token_hash text, a_verdict text, a_comment text)
RETURNS TABLE (company_id uuid, reference_id uuid, contact_name text) LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
    asked reference_requests;
BEGIN
    SELECT q.* INTO asked FROM reference_requests q WHERE q.token_hash = a_token_hash;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    -- Locking the reference first: whoever edits it, asks again or answers at the same moment comes before or after.
    PERFORM 1 FROM vendor_references r WHERE r.id = asked.reference_id AND r.state = 'asked' FOR UPDATE;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    UPDATE reference_requests q SET verdict = a_verdict, comment = a_comment, answered_at = portal_now()
     WHERE q.id = asked.id AND q.verdict IS NULL AND q.expires_at > portal_now()
       AND NOT EXISTS (SELECT FROM reference_requests n WHERE n.reference_id = q.reference_id AND n.id > q.id);
    IF NOT FOUND THEN
        RETURN;
    END IF;
    UPDATE vendor_references r
       SET state = a_verdict, version = r.version + 1,
           confirmed_at = CASE WHEN a_verdict = 'confirmed' THEN portal_now() END,
           declined_at = CASE WHEN a_verdict = 'declined' THEN portal_now() END
     WHERE r.id = asked.reference_id;
    RETURN QUERY SELECT asked.company_id, asked.reference_id, asked.contact_name;
END $$
