-- What must be known of a vendor's account by others than the vendor, each as narrow as it can be.

-- function card_payee(uuid, text)
CREATE FUNCTION card_payee(a_invoice_id uuid, a_provider text) RETURNS TABLE (ref text, standing text)
LANGUAGE sql STABLE AS $$
    SELECT a.ref, a.standing FROM invoices i JOIN vendor_accounts a ON a.vendor_id = i.vendor_id
     WHERE portal_scope() = 'member' AND i.id = a_invoice_id AND a.provider = a_provider
       AND (i.vendor_id = portal_company() OR i.buyer_id = portal_company() AND i.number IS NOT NULL)
$$

-- function account_owner(text, text)
CREATE FUNCTION account_owner(a_provider text, a_ref text) RETURNS uuid LANGUAGE sql STABLE AS $$
    SELECT vendor_id FROM vendor_accounts WHERE provider = a_provider AND ref = a_ref
$$

-- function accounts_to_look_at(text)
CREATE FUNCTION accounts_to_look_at(a_provider text) RETURNS TABLE (vendor_id uuid, wants_link boolean)
LANGUAGE sql STABLE AS $$
    SELECT a.vendor_id, a.link_wanted_at IS NOT NULL FROM vendor_accounts a
     WHERE a.provider = a_provider
       AND (a.link_wanted_at < portal_now() - interval '5 minutes'
            OR a.ref IS NOT NULL AND coalesce(a.checked_at, a.created_at) < portal_now() - CASE
                WHEN a.link_given_at > portal_now() - interval '1 hour' THEN interval '1 minute'
                WHEN a.standing IN ('incomplete', 'checking') THEN interval '1 hour'
                ELSE interval '1 day' END)
     ORDER BY a.checked_at NULLS FIRST LIMIT 200
$$

-- function payments_to_look_at(interval)
CREATE FUNCTION payments_to_look_at(a_every interval) RETURNS TABLE (payment_id uuid, buyer_id uuid) LANGUAGE sql STABLE AS $$
    SELECT p.id, p.buyer_id FROM payments p
     WHERE (p.state IN ('submitted', 'requires_action', 'processing', 'unknown')
            OR p.state = 'succeeded' AND (p.fee_minor IS NULL OR p.refunded_minor < p.excess_minor
                                          OR p.destination IS NOT NULL AND p.transfer_ref IS NULL))
       AND coalesce(p.looked_at, p.created_at) < portal_now() - a_every
     ORDER BY p.created_at LIMIT 200
$$
