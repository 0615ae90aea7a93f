CREATE FUNCTION requirements_stay_as_published() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    -- The course of the procedure, and the deadline, which may be extended; everything else is what vendors bid on.
    process text[] := ARRAY['state', 'version', 'closed_at', 'opened_at', 'decided_at', 'awarded_at', 'ended_at',
                            'end_reason', 'deadline_at', 'deadline_local', 'deadline_zone'];
BEGIN
    IF OLD.published_at IS NOT NULL AND to_jsonb(OLD) - process IS DISTINCT FROM to_jsonb(NEW) - process THEN
        RAISE EXCEPTION 'a published requirement is not changed' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$
-- next
CREATE TRIGGER stay_as_published BEFORE UPDATE ON requirements
    FOR EACH ROW EXECUTE FUNCTION requirements_stay_as_published()
