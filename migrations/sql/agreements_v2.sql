-- function change_orders_due()
-- Change orders that nobody answered in time, or whose agreement has ended, with the company that proposed each.
CREATE FUNCTION change_orders_due()
RETURNS TABLE (id uuid, agreement_id uuid, side text, company_id uuid) LANGUAGE sql STABLE AS $$
    SELECT c.id, c.agreement_id, c.proposed_side,
           CASE c.proposed_side WHEN 'buyer' THEN c.buyer_id ELSE c.vendor_id END
      FROM change_orders c JOIN agreements a ON a.id = c.agreement_id
     WHERE c.state IN ('proposed', 'partly_signed')
       AND (c.answer_due_at <= (SELECT portal_now()) OR a.state IN ('expired', 'terminated'))
     ORDER BY c.answer_due_at
$$
