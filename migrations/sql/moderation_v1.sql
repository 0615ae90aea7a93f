-- function case_withdraw(uuid)
CREATE FUNCTION case_withdraw(a_subject_id uuid) RETURNS void LANGUAGE sql AS $$
    UPDATE cases SET state = 'closed', closed_at = portal_now(), version = version + 1
     WHERE subject_id = a_subject_id AND kind = 'service_review' AND state IN ('open', 'assigned')
       AND portal_scope() = 'member' AND company_id = portal_company()
$$
-- function case_appeal(uuid, text, interval)
CREATE FUNCTION case_appeal(a_subject_id uuid, a_words text, a_window interval) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    -- The newest case about the subject, once, while the window is open. Who decided it keeps it in the record, but
    -- it is in nobody's hand any more: another moderator takes it.
    UPDATE cases SET state = 'appealed', appealed_at = portal_now(), appeal = a_words, version = version + 1
     WHERE id = (SELECT c.id FROM cases c WHERE c.subject_id = a_subject_id AND c.kind = 'service_review'
                  ORDER BY c.opened_at DESC, c.id DESC LIMIT 1)
       AND state = 'decided' AND appealed_at IS NULL AND decided_at > portal_now() - a_window
       AND portal_scope() = 'member' AND company_id = portal_company();
    RETURN FOUND;
END $$
