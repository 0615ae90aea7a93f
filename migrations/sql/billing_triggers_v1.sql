-- At the end of each transaction every journal it wrote sums to zero in each currency, whoever wrote it.
CREATE FUNCTION journal_balances() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM postings p WHERE p.journal_id = NEW.journal_id
               GROUP BY p.currency HAVING sum(p.amount_minor) <> 0) THEN
        RAISE EXCEPTION 'journal % does not sum to zero', NEW.journal_id USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$
-- then
CREATE CONSTRAINT TRIGGER balances AFTER INSERT ON postings DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION journal_balances()
-- then
ALTER FUNCTION journal_balances() OWNER TO portal_definer
-- then
-- An issued invoice is a document: what it says stays as it was sent.
CREATE FUNCTION invoice_stays_as_issued() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    may_change constant text[] := '{state,paid_minor,version,open_at,paid_at,void_at,uncollectible_at}';
BEGIN
    IF OLD.state <> 'draft' AND to_jsonb(NEW) - may_change IS DISTINCT FROM to_jsonb(OLD) - may_change THEN
        RAISE EXCEPTION 'invoice % has been issued and is not changed any more', OLD.number
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$
-- then
CREATE TRIGGER stays_as_issued BEFORE UPDATE ON invoices
    FOR EACH ROW EXECUTE FUNCTION invoice_stays_as_issued()
