-- function case_pass(uuid, uuid, text)
CREATE FUNCTION case_pass(a_subject_id uuid, a_decision_id uuid, a_person_name text) RETURNS boolean
LANGUAGE plpgsql AS $$
DECLARE
    passed uuid;
BEGIN
    -- Whether the change is one of prices alone is judged by the caller; whether the vendor is trusted, here.
    IF portal_scope() IS DISTINCT FROM 'member' OR portal_person() IS NULL
       OR NOT EXISTS (SELECT 1 FROM trusted_vendors t WHERE t.company_id = portal_company()) THEN
        RETURN false;
    END IF;
    UPDATE cases SET state = 'closed', decided_at = portal_now(), closed_at = portal_now(), version = version + 1
     WHERE subject_id = a_subject_id AND kind = 'service_review' AND state = 'open' AND company_id = portal_company()
    RETURNING id INTO passed;
    IF passed IS NULL THEN
        RETURN false;
    END IF;
    INSERT INTO decisions (id, case_id, person_id, person_name, verdict, reasons, decided_at)
    VALUES (a_decision_id, passed, portal_person(), a_person_name, 'passed', '{}', portal_now());
    RETURN true;
END $$
