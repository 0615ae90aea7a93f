-- function make_bids_stale(uuid)
-- After a material change of a requirement of the caller's company: what lay in the box has to be confirmed by its
-- vendor before it counts again. Nothing of a bid but its state is touched, and the caller learns no number.
CREATE FUNCTION make_bids_stale(a_requirement_id uuid) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM requirements r
      WHERE r.id = a_requirement_id AND r.buyer_id = portal_company() AND r.state = 'published' FOR UPDATE;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    UPDATE bids b SET state = 'stale', stale_at = portal_now(), version = b.version + 1
     WHERE b.requirement_id = a_requirement_id AND b.state = 'submitted';
END $$
-- function vendors_to_tell(uuid)
-- Whom a change or the end of a requirement concerns: who has looked at it, and who has begun or sent a bid. Which of
-- them did what is not said, and it answers only the public scope, in which no company works.
CREATE FUNCTION vendors_to_tell(a_requirement_id uuid) RETURNS TABLE (vendor_id uuid) LANGUAGE sql STABLE AS $$
    SELECT found.vendor_id FROM (
        SELECT l.vendor_id FROM requirement_looks l WHERE l.requirement_id = a_requirement_id
        UNION
        SELECT b.vendor_id FROM bids b WHERE b.requirement_id = a_requirement_id AND b.state <> 'withdrawn'
    ) found
     WHERE portal_scope() = 'public' ORDER BY found.vendor_id
$$
