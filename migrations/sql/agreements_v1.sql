-- function agreement_number(uuid, bigint)
CREATE FUNCTION agreement_number(a_buyer_id uuid, a_year bigint) RETURNS bigint LANGUAGE sql AS $$
    INSERT INTO agreement_numbers (buyer_id, year, last) VALUES (a_buyer_id, a_year, 1)
    ON CONFLICT (buyer_id, year) DO UPDATE SET last = agreement_numbers.last + 1
    RETURNING last
$$
-- function agreements_due_to_end()
CREATE FUNCTION agreements_due_to_end() RETURNS TABLE (id uuid, buyer_id uuid) LANGUAGE sql STABLE AS $$
    SELECT a.id, a.buyer_id FROM agreements a
     WHERE a.state IN ('active', 'on_hold')
       AND portal_now() >= (a.ends_on + 1)::timestamp AT TIME ZONE a.timezone
     ORDER BY a.ends_on
$$
