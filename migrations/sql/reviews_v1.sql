-- function reviews_open(uuid)
CREATE FUNCTION reviews_open(a_window_id uuid) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    w review_windows;
BEGIN
    UPDATE review_windows SET opened_at = portal_now()
     WHERE id = a_window_id AND opened_at IS NULL AND opens_at <= portal_now()
       AND portal_company() IN (buyer_id, vendor_id)
    RETURNING * INTO w;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    INSERT INTO reviews (id, window_id, agreement_id, buyer_id, vendor_id, author_side, state, scores)
    SELECT gen_random_uuid(), w.id, w.agreement_id, w.buyer_id, w.vendor_id, side, 'invited', '{}'
      FROM unnest(ARRAY['buyer', 'vendor']) AS side;
    RETURN true;
END $$
-- function reviews_settle(uuid)
CREATE FUNCTION reviews_settle(a_window_id uuid) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    w review_windows;
BEGIN
    -- Two sides that write at once queue here, and the second one sees what the first one wrote.
    SELECT * INTO w FROM review_windows
     WHERE id = a_window_id AND opened_at IS NOT NULL AND closed_at IS NULL
       AND portal_company() IN (buyer_id, vendor_id) FOR UPDATE;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    IF portal_now() < w.closes_at
       AND EXISTS (SELECT FROM reviews r WHERE r.window_id = w.id AND r.state = 'invited') THEN
        RETURN false;
    END IF;
    UPDATE reviews SET state = 'revealed', revealed_at = portal_now(), version = version + 1
     WHERE window_id = w.id AND state = 'hidden';
    UPDATE reviews SET state = 'expired', expired_at = portal_now(), version = version + 1
     WHERE window_id = w.id AND state = 'invited';
    UPDATE review_windows SET closed_at = portal_now() WHERE id = w.id;
    RETURN true;
END $$
-- function reviews_windows_due()
CREATE FUNCTION reviews_windows_due() RETURNS TABLE (id uuid, buyer_id uuid) LANGUAGE sql STABLE AS $$
    SELECT w.id, w.buyer_id FROM review_windows w
     WHERE w.closed_at IS NULL AND w.opens_at <= portal_now()
       AND (w.opened_at IS NULL OR w.closes_at <= portal_now())
     ORDER BY w.opens_at
$$
-- function reviews_marks(text, uuid)
CREATE FUNCTION reviews_marks(a_side text, a_company_id uuid) RETURNS TABLE (own text[], mean text)
LANGUAGE sql STABLE AS $$
    SELECT array_agg(r.weighted) FILTER (
               WHERE a_company_id = CASE a_side WHEN 'buyer' THEN r.vendor_id ELSE r.buyer_id END),
           avg(r.weighted::numeric)::text
      FROM reviews r
     WHERE r.author_side = a_side AND r.state IN ('revealed', 'answered', 'contested', 'upheld', 'amended')
$$
-- function reviews_ratings_due()
CREATE FUNCTION reviews_ratings_due() RETURNS TABLE (company_id uuid, side text) LANGUAGE sql STABLE AS $$
    SELECT s.company_id, CASE s.figure WHEN 'rating' THEN 'vendor' ELSE 'buyer' END
      FROM standings s
     WHERE s.figure IN ('rating', 'buyer_rating') AND s.as_of < portal_now() - interval '1 day'
     ORDER BY s.as_of LIMIT 50
$$
-- function reviews_person_in_both(uuid, uuid)
CREATE FUNCTION reviews_person_in_both(a_buyer_id uuid, a_vendor_id uuid) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT portal_company() IN (a_buyer_id, a_vendor_id)
       AND count(DISTINCT m.company_id) = 2
      FROM memberships m WHERE m.person_id = portal_person() AND m.company_id IN (a_buyer_id, a_vendor_id)
$$
-- function reviews_published(uuid)
CREATE FUNCTION reviews_published(a_vendor_id uuid)
RETURNS TABLE (author text, country text, mode text, scores jsonb, weighted text, recommends boolean, text text,
               answer text, revealed_at timestamptz, answered_at timestamptz) LANGUAGE sql STABLE AS $$
    SELECT CASE WHEN NOT r.is_anonymous THEN c.name END, c.country, a.mode, r.scores, r.weighted, r.recommends, r.text,
           r.answer, r.revealed_at, r.answered_at
      FROM reviews r
      JOIN companies c ON c.id = r.buyer_id
      JOIN agreements a ON a.id = r.agreement_id
     WHERE r.vendor_id = a_vendor_id AND r.author_side = 'buyer'
       AND r.state IN ('revealed', 'answered', 'contested', 'upheld', 'amended')
     ORDER BY r.revealed_at DESC, r.id LIMIT 100
$$
