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
