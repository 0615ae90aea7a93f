-- function bid_window_open(uuid)
-- Holds the requirement until the transaction ends, so that closing waits for bids on their way in, and looks at the
-- clock only then: a bid that had to wait past the deadline is late.
CREATE FUNCTION bid_window_open(a_requirement_id uuid) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    held record;
BEGIN
    SELECT r.state, r.deadline_at INTO held FROM requirements r WHERE r.id = a_requirement_id FOR SHARE;
    RETURN FOUND AND held.state = 'published' AND portal_now() < held.deadline_at;
END $$
-- function closings_due()
CREATE FUNCTION closings_due() RETURNS TABLE (requirement_id uuid, buyer_id uuid) LANGUAGE sql STABLE AS $$
    SELECT r.id, r.buyer_id FROM requirements r
     WHERE r.state = 'published' AND r.deadline_at <= (SELECT portal_now()) ORDER BY r.deadline_at
$$
-- function close_requirement(uuid)
-- Shuts the box of a requirement of the caller's company and says 'closed' or 'unsuccessful', or nothing when it is
-- not due. The only place that counts sealed bids; it keeps whether there were enough, never how many.
CREATE FUNCTION close_requirement(a_requirement_id uuid) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    held record;
    box record;
BEGIN
    SELECT r.state, r.deadline_at, r.buyer_id, COALESCE(r.min_bids, 1) AS min_bids INTO held
      FROM requirements r WHERE r.id = a_requirement_id AND r.buyer_id = portal_company() FOR UPDATE;
    IF NOT FOUND OR held.state <> 'published' OR portal_now() < held.deadline_at THEN
        RETURN NULL;
    END IF;
    SELECT count(*) >= GREATEST(held.min_bids, 1) AS is_sufficient,
           encode(sha256(convert_to(COALESCE(string_agg(b.receipt_sha256, '' ORDER BY b.receipt_sha256 COLLATE "C"), ''), 'UTF8')),
                  'hex') AS digest
      INTO box FROM bids b WHERE b.requirement_id = a_requirement_id AND b.state = 'submitted';
    INSERT INTO closings (requirement_id, buyer_id, deadline_at, closed_at, is_sufficient, bids_sha256)
    VALUES (a_requirement_id, held.buyer_id, held.deadline_at, portal_now(), box.is_sufficient, box.digest);
    RETURN CASE WHEN box.is_sufficient THEN 'closed' ELSE 'unsuccessful' END;
END $$
-- function open_bids(uuid, uuid)
-- Opens all submitted bids of a closed requirement of the caller's company at once and gives each an alias by lot.
-- Answers how many there were, or nothing when they cannot be opened.
CREATE FUNCTION open_bids(a_requirement_id uuid, a_person_id uuid) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    held record;
    moment timestamptz;
    opened bigint;
BEGIN
    SELECT r.state, r.buyer_id INTO held
      FROM requirements r WHERE r.id = a_requirement_id AND r.buyer_id = portal_company() FOR UPDATE;
    IF NOT FOUND OR held.state <> 'closed' OR NOT EXISTS (
        SELECT 1 FROM closings c WHERE c.requirement_id = a_requirement_id AND c.is_sufficient) THEN
        RETURN NULL;
    END IF;
    moment := portal_now();
    INSERT INTO openings (requirement_id, buyer_id, person_id, opened_at, quorum)
    VALUES (a_requirement_id, held.buyer_id, a_person_id, moment, 1);
    UPDATE bids b SET state = 'qualified', opened_at = moment, version = b.version + 1
     WHERE b.requirement_id = a_requirement_id AND b.state = 'submitted';
    GET DIAGNOSTICS opened = ROW_COUNT;
    UPDATE bid_answers a SET opened_at = moment FROM bids b WHERE b.id = a.bid_id AND b.requirement_id = a_requirement_id
       AND b.opened_at IS NOT NULL;
    UPDATE bid_prices p SET opened_at = moment FROM bids b WHERE b.id = p.bid_id AND b.requirement_id = a_requirement_id
       AND b.opened_at IS NOT NULL;
    INSERT INTO evaluation_sheets (id, requirement_id, buyer_id, bid_id, alias)
    SELECT gen_random_uuid(), b.requirement_id, b.buyer_id, b.id, row_number() OVER (ORDER BY gen_random_uuid())
      FROM bids b WHERE b.requirement_id = a_requirement_id AND b.opened_at IS NOT NULL;
    RETURN opened;
END $$
-- function awards_due()
CREATE FUNCTION awards_due() RETURNS TABLE (award_id uuid, buyer_id uuid) LANGUAGE sql STABLE AS $$
    SELECT a.id, a.buyer_id FROM awards a
     WHERE a.state = 'pending' AND a.answer_due_at <= (SELECT portal_now()) ORDER BY a.answer_due_at
$$
-- function bidders_to_tell(uuid)
-- Who bid on a requirement that ended without an opening: for the portal's own messages to them. It answers only the
-- public scope, in which no company works, so that a buyer cannot learn who bid.
CREATE FUNCTION bidders_to_tell(a_requirement_id uuid) RETURNS TABLE (vendor_id uuid, bid_id uuid)
LANGUAGE sql STABLE AS $$
    SELECT b.vendor_id, b.id FROM bids b JOIN requirements r ON r.id = b.requirement_id
     WHERE r.id = a_requirement_id AND r.state = 'unsuccessful' AND portal_scope() = 'public'
       AND b.state = 'submitted'
$$
