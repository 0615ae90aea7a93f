-- What billing must do across companies, each as narrow as it can be. The migration creates every function with a
-- pinned search path, owned by portal_definer, callable by the portal.

-- function ledger_post(jsonb)
CREATE FUNCTION ledger_post(entry jsonb) RETURNS uuid LANGUAGE plpgsql AS $$
DECLARE
    journal uuid;
    line record;
    account uuid;
    nobody constant uuid := '00000000-0000-0000-0000-000000000000';
BEGIN
    IF portal_scope() <> 'member' OR portal_company() NOT IN ((entry->>'buyer_id')::uuid, (entry->>'vendor_id')::uuid) THEN
        RAISE EXCEPTION 'a journal is posted by one of its parties' USING ERRCODE = 'insufficient_privilege';
    END IF;
    INSERT INTO journals (id, source_type, source_id, kind, buyer_id, vendor_id)
    VALUES (gen_random_uuid(), entry->>'source_type', entry->>'source_id', entry->>'kind',
            (entry->>'buyer_id')::uuid, (entry->>'vendor_id')::uuid)
    ON CONFLICT (source_type, source_id, kind) DO NOTHING RETURNING id INTO journal;
    IF journal IS NULL THEN
        RETURN NULL;
    END IF;
    FOR line IN SELECT p->>'kind' AS kind, (p->>'owner')::uuid AS owner, (p->>'amount')::bigint AS amount
                  FROM jsonb_array_elements(entry->'postings') p LOOP
        IF line.owner IS NOT NULL AND line.owner NOT IN ((entry->>'buyer_id')::uuid, (entry->>'vendor_id')::uuid) THEN
            RAISE EXCEPTION 'a journal touches only its parties and the platform' USING ERRCODE = 'insufficient_privilege';
        END IF;
        INSERT INTO ledger_accounts (id, owner_id, kind, currency)
        VALUES (gen_random_uuid(), line.owner, line.kind, entry->>'currency')
        ON CONFLICT (coalesce(owner_id, '00000000-0000-0000-0000-000000000000'::uuid), kind, currency) DO NOTHING;
        SELECT a.id INTO STRICT account FROM ledger_accounts a
         WHERE coalesce(a.owner_id, nobody) = coalesce(line.owner, nobody)
           AND a.kind = line.kind AND a.currency = entry->>'currency';
        INSERT INTO postings (id, journal_id, account_id, owner_id, currency, amount_minor)
        VALUES (gen_random_uuid(), journal, account, line.owner, entry->>'currency', line.amount);
    END LOOP;
    RETURN journal;
END $$

-- function inbox_store(text, text, text, bytea)
CREATE FUNCTION inbox_store(a_provider text, a_event_id text, a_kind text, a_raw bytea) RETURNS uuid LANGUAGE sql AS $$
    INSERT INTO webhook_inbox (id, provider, event_id, kind, raw, state)
    VALUES (gen_random_uuid(), a_provider, a_event_id, a_kind, a_raw, 'received')
    ON CONFLICT (provider, event_id) DO NOTHING RETURNING id
$$

-- function inbox_take(uuid)
CREATE FUNCTION inbox_take(a_id uuid) RETURNS bytea LANGUAGE sql AS $$
    UPDATE webhook_inbox
       SET tries = tries + 1,
           state = CASE WHEN tries >= 20 THEN 'dead' ELSE state END,
           done_at = CASE WHEN tries >= 20 THEN portal_now() END,
           error = CASE WHEN tries >= 20 THEN 'given up after 20 tries' ELSE '' END
     WHERE id = a_id AND state = 'received'
 RETURNING CASE WHEN state = 'received' THEN raw END
$$

-- function inbox_finish(uuid, text, text)
CREATE FUNCTION inbox_finish(a_id uuid, a_state text, a_error text) RETURNS void LANGUAGE sql AS $$
    UPDATE webhook_inbox SET state = a_state, error = a_error, done_at = portal_now()
     WHERE id = a_id AND state = 'received'
$$

-- function inbox_waiting()
CREATE FUNCTION inbox_waiting() RETURNS SETOF uuid LANGUAGE sql STABLE AS $$
    SELECT id FROM webhook_inbox WHERE state = 'received' AND received_at < portal_now() - interval '5 minutes'
     ORDER BY received_at LIMIT 200
$$

-- function inbox_for_staff()
CREATE FUNCTION inbox_for_staff()
RETURNS TABLE (id uuid, received_at timestamptz, provider text, event_id text, kind text, state text, tries bigint, error text)
LANGUAGE sql STABLE AS $$
    SELECT w.id, w.received_at, w.provider, w.event_id, w.kind, w.state, w.tries, w.error FROM webhook_inbox w
     WHERE portal_scope() = 'staff' ORDER BY w.received_at DESC LIMIT 200
$$

-- function sweep_begin(text, interval)
CREATE FUNCTION sweep_begin(a_provider text, a_every interval) RETURNS timestamptz LANGUAGE plpgsql AS $$
DECLARE
    since timestamptz;
BEGIN
    INSERT INTO provider_sweeps VALUES (a_provider, portal_now() - interval '30 days') ON CONFLICT DO NOTHING;
    SELECT swept_at INTO since FROM provider_sweeps WHERE provider = a_provider FOR UPDATE;
    IF since > portal_now() - a_every THEN
        RETURN NULL;
    END IF;
    UPDATE provider_sweeps SET swept_at = portal_now() WHERE provider = a_provider;
    RETURN since;
END $$

-- function payment_owner(uuid)
CREATE FUNCTION payment_owner(a_payment_id uuid) RETURNS uuid LANGUAGE sql STABLE AS $$
    SELECT buyer_id FROM payments WHERE id = a_payment_id
$$

-- function payments_to_look_at(interval)
CREATE FUNCTION payments_to_look_at(a_every interval) RETURNS TABLE (payment_id uuid, buyer_id uuid) LANGUAGE sql STABLE AS $$
    SELECT p.id, p.buyer_id FROM payments p
     WHERE (p.state IN ('submitted', 'requires_action', 'processing', 'unknown')
            OR p.state = 'succeeded' AND (p.fee_minor IS NULL OR p.refunded_minor < p.excess_minor))
       AND coalesce(p.looked_at, p.created_at) < portal_now() - a_every
     ORDER BY p.created_at LIMIT 200
$$

-- function schedules_due(timestamptz)
CREATE FUNCTION schedules_due(a_until timestamptz) RETURNS TABLE (schedule_id uuid, vendor_id uuid) LANGUAGE sql STABLE AS $$
    SELECT s.id, s.vendor_id FROM fee_schedules s
     WHERE s.state = 'active'
       AND (s.billed_through IS NULL OR s.ends_on IS NULL OR s.billed_through < s.ends_on)
       AND (a_until AT TIME ZONE s.timezone)::date
           > (date_trunc('month', coalesce(s.billed_through + 1, s.billed_from)) + interval '1 month' - interval '1 day')::date
    UNION
    SELECT s.id, s.vendor_id FROM fee_schedules s
     WHERE s.state = 'active' AND s.ends_on IS NOT NULL AND (a_until AT TIME ZONE s.timezone)::date > s.ends_on
$$

-- function schedules_with_one_time_charges()
CREATE FUNCTION schedules_with_one_time_charges() RETURNS TABLE (schedule_id uuid, vendor_id uuid) LANGUAGE sql STABLE AS $$
    SELECT DISTINCT c.schedule_id, c.vendor_id FROM charges c
     WHERE c.invoice_id IS NULL AND c.fee_class = 'one_time'
$$

-- function invoice_by_reference(text)
CREATE FUNCTION invoice_by_reference(a_reference text)
RETURNS TABLE (invoice_id uuid, buyer_id uuid, number text, currency text, due_minor bigint, state text,
               buyer_name text, vendor_name text)
LANGUAGE sql STABLE AS $$
    SELECT i.id, i.buyer_id, i.number, i.currency, i.total_minor - i.paid_minor, i.state,
           i.customer->>'legal_name', i.seller->>'legal_name'
      FROM invoices i
     WHERE portal_scope() = 'staff' AND i.reference = a_reference AND i.state NOT IN ('draft', 'void')
$$

-- function receipts_to_book()
CREATE FUNCTION receipts_to_book() RETURNS TABLE (receipt_id uuid, buyer_id uuid) LANGUAGE sql STABLE AS $$
    SELECT r.id, r.buyer_id FROM bank_receipts r WHERE r.state = 'approved'
$$
