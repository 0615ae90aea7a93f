CREATE OR REPLACE FUNCTION requirements_stay_as_published() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
DECLARE
    -- The course of the procedure and of its review; everything else is what vendors bid on, the deadline too.
    process text[] := ARRAY['state', 'version', 'version_number', 'closed_at', 'opened_at', 'decided_at', 'awarded_at',
                            'ended_at', 'end_reason', 'end_code', 'approved_by', 'review_note'];
    writing text[] := process || ARRAY['published_at', 'in_review_at', 'review_asked_by', 'saved_at', 'steps_done',
                                       'change_reason', 'change_note'];
    is_changed boolean := to_jsonb(OLD) - process IS DISTINCT FROM to_jsonb(NEW) - process;
    deadline text[] := process || ARRAY['deadline_at', 'deadline_local', 'deadline_zone'];
BEGIN
    IF OLD.state = 'in_review' AND to_jsonb(OLD) - writing IS DISTINCT FROM to_jsonb(NEW) - writing THEN
        RAISE EXCEPTION 'a requirement in review is not changed' USING ERRCODE = 'restrict_violation';
    END IF;
    IF OLD.published_at IS NULL THEN
        RETURN NEW;
    END IF;
    IF is_changed AND NOT (OLD.state = 'published' AND NEW.state = 'published'
            AND NEW.version_number = OLD.version_number + 1 AND portal_now() < OLD.deadline_at) THEN
        RAISE EXCEPTION 'a published requirement is not changed but by its next version, before the deadline'
            USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.deadline_at < OLD.deadline_at
            OR (NEW.deadline_at <> OLD.deadline_at AND NEW.deadline_at <= portal_now()) THEN
        RAISE EXCEPTION 'a deadline is only extended' USING ERRCODE = 'restrict_violation';
    END IF;
    IF (NEW.mode, NEW.currency) <> (OLD.mode, OLD.currency) THEN
        RAISE EXCEPTION 'form and currency stay as published' USING ERRCODE = 'restrict_violation';
    END IF;
    IF to_jsonb(OLD) - deadline IS DISTINCT FROM to_jsonb(NEW) - deadline
            AND (SELECT d.needs_approval FROM company_details d WHERE d.company_id = NEW.buyer_id)
            AND NOT EXISTS (SELECT 1 FROM requirements c WHERE c.amends_id = OLD.id AND c.state = 'in_review'
                               AND c.approved_by = portal_person()) THEN
        RAISE EXCEPTION 'this change needs the approval of another person' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$
-- next
CREATE FUNCTION requirements_are_approved() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    -- Who approves is the one who acts; that it is neither author nor asker is a constraint of the table.
    IF NEW.approved_by IS DISTINCT FROM OLD.approved_by AND NEW.approved_by IS NOT NULL
            AND NOT (NEW.approved_by = portal_person() AND OLD.state = 'in_review') THEN
        RAISE EXCEPTION 'an approval is given by oneself, of what is in review' USING ERRCODE = 'restrict_violation';
    END IF;
    IF OLD.published_at IS NULL AND NEW.published_at IS NOT NULL AND NEW.approved_by IS NULL
            AND (SELECT d.needs_approval FROM company_details d WHERE d.company_id = NEW.buyer_id) THEN
        RAISE EXCEPTION 'publication needs the approval of another person' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$
-- next
CREATE TRIGGER are_approved BEFORE UPDATE ON requirements FOR EACH ROW EXECUTE FUNCTION requirements_are_approved()
-- next
CREATE FUNCTION requirement_version_kept() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    -- Asked when the transaction ends: a published requirement stands for a stored version of itself.
    IF NOT EXISTS (SELECT 1 FROM requirement_versions v
                    WHERE v.requirement_id = NEW.id AND v.number = NEW.version_number) THEN
        RAISE EXCEPTION 'version % of a requirement was not stored', NEW.version_number
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END $$
-- next
CREATE CONSTRAINT TRIGGER version_kept AFTER INSERT OR UPDATE ON requirements DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (NEW.version_number > 0) EXECUTE FUNCTION requirement_version_kept()
-- next
CREATE FUNCTION bids_answer_the_newest() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF current_user IN ('portal_definer', 'portal_owner') THEN
        RETURN NEW;
    END IF;
    IF NEW.requirement_version IS DISTINCT FROM (SELECT r.version_number FROM requirements r WHERE r.id = NEW.requirement_id)
            OR (SELECT p.scenario_sha256 FROM bid_prices p WHERE p.bid_id = NEW.id) IS DISTINCT FROM
               (SELECT s.sha256 FROM scenarios s WHERE s.requirement_id = NEW.requirement_id AND s.name = 'base'
                 ORDER BY s.version DESC LIMIT 1) THEN
        RAISE EXCEPTION 'a bid is submitted on the newest version only' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$
-- next
CREATE TRIGGER answer_the_newest BEFORE UPDATE ON bids FOR EACH ROW
    WHEN (NEW.state = 'submitted' AND OLD.state <> 'submitted') EXECUTE FUNCTION bids_answer_the_newest()
