-- function letterhead(uuid)
-- Legal name, tax number and address of the caller's own company or of one it does business with: the winner of a
-- requirement and its buyer (the text of their agreement is drafted from these), the parties of an agreement or invoice.
-- Staff, who see every company's details, get them here as well.
CREATE FUNCTION letterhead(a_company_id uuid)
RETURNS TABLE (company_id uuid, name text, legal_name text, vat_id text, registration_no text, address text,
               country text, billing_email text)
LANGUAGE sql STABLE AS $$
    SELECT c.id, c.name, d.legal_name, d.vat_id, d.registration_no, d.address, c.country, d.billing_email
      FROM companies c JOIN company_details d ON d.company_id = c.id
     WHERE c.id = a_company_id
       AND (portal_scope() = 'staff' OR (portal_scope() = 'member' AND (
            c.id = portal_company()
            OR EXISTS (SELECT 1 FROM agreements a WHERE (a.buyer_id, a.vendor_id) IN
                       ((c.id, portal_company()), (portal_company(), c.id)))
            OR EXISTS (SELECT 1 FROM invoices i WHERE (i.buyer_id, i.vendor_id) IN
                       ((c.id, portal_company()), (portal_company(), c.id)))
            OR EXISTS (SELECT 1 FROM bids b WHERE b.state = 'won' AND (b.buyer_id, b.vendor_id) IN
                       ((c.id, portal_company()), (portal_company(), c.id))))))
$$
