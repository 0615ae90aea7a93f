-- function case_name_withdraw()
CREATE FUNCTION case_name_withdraw() RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
    known jsonb;
BEGIN
    -- A company that takes yet another name has one case about it: it compares with the name that was known before.
    UPDATE cases SET state = 'closed', closed_at = portal_now(), version = version + 1
     WHERE subject_id = portal_company() AND kind = 'name' AND state IN ('open', 'assigned')
       AND portal_scope() = 'member' AND company_id = portal_company()
    RETURNING published INTO known;
    RETURN known;
END $$
-- function service_old_slugs(uuid)
CREATE FUNCTION service_old_slugs(a_company_id uuid) RETURNS TABLE (slug text, old text) LANGUAGE sql STABLE AS $$
    -- Under which addresses the listed services of a vendor were public before, so that links into its page still land.
    SELECT s.slug, one FROM services s, unnest(s.old_slugs) AS one
     WHERE s.company_id = a_company_id AND s.state = 'live'
$$
