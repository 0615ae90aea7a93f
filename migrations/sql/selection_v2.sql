-- function open_bids(uuid, uuid)
-- Opens all submitted bids of a closed requirement of the caller's company at once and gives each an alias by lot.
-- Answers how many there were, or nothing when they cannot be opened. With two envelopes the prices stay sealed.
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
    UPDATE bid_knock_outs k SET opened_at = moment FROM bids b
     WHERE b.id = k.bid_id AND b.requirement_id = a_requirement_id AND b.opened_at IS NOT NULL;
    IF NOT EXISTS (SELECT 1 FROM evaluation_rules e WHERE e.requirement_id = a_requirement_id AND e.two_envelopes) THEN
        UPDATE bid_prices p SET opened_at = moment FROM bids b
         WHERE b.id = p.bid_id AND b.requirement_id = a_requirement_id AND b.opened_at IS NOT NULL;
    END IF;
    INSERT INTO evaluation_sheets (id, requirement_id, buyer_id, bid_id, alias)
    SELECT gen_random_uuid(), b.requirement_id, b.buyer_id, b.id, row_number() OVER (ORDER BY gen_random_uuid())
      FROM bids b WHERE b.requirement_id = a_requirement_id AND b.opened_at IS NOT NULL;
    RETURN opened;
END $$
-- function close_quality(uuid, uuid, uuid[])
-- Ends, once, the scoring of an opened requirement of the caller's company whose prices or names were held back, and
-- opens the second envelope of the qualified bids, but for those named, which did not reach a minimum. Answers how many
-- prices were opened, or nothing when there was no scoring to end.
CREATE FUNCTION close_quality(a_requirement_id uuid, a_person_id uuid, the_rejected uuid[]) RETURNS bigint
LANGUAGE plpgsql AS $$
DECLARE
    held record;
    moment timestamptz;
    opened bigint;
BEGIN
    SELECT r.state, r.buyer_id INTO held
      FROM requirements r WHERE r.id = a_requirement_id AND r.buyer_id = portal_company() FOR UPDATE;
    IF NOT FOUND OR held.state <> 'opened'
       OR NOT EXISTS (SELECT 1 FROM evaluation_rules e
                       WHERE e.requirement_id = a_requirement_id AND (e.two_envelopes OR e.pseudonyms))
       OR EXISTS (SELECT 1 FROM quality_closings q WHERE q.requirement_id = a_requirement_id) THEN
        RETURN NULL;
    END IF;
    moment := portal_now();
    INSERT INTO quality_closings (requirement_id, buyer_id, person_id, closed_at)
    VALUES (a_requirement_id, held.buyer_id, a_person_id, moment);
    UPDATE bid_prices p SET opened_at = moment FROM bids b
     WHERE b.id = p.bid_id AND b.requirement_id = a_requirement_id AND b.state = 'qualified' AND p.opened_at IS NULL
       AND NOT (b.id = ANY (the_rejected));
    GET DIAGNOSTICS opened = ROW_COUNT;
    RETURN opened;
END $$
