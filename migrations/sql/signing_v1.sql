-- function document_verify(text)
CREATE FUNCTION document_verify(a_sha256 text)
RETURNS TABLE (kind text, title text, created_at timestamptz, buyer_name text, vendor_name text, sides text[],
               signed_at timestamptz)
LANGUAGE sql STABLE AS $$
    SELECT d.kind, d.title, d.created_at, b.name, v.name,
           ARRAY(SELECT s.side FROM signatures s WHERE s.document_id = d.id ORDER BY s.signed_at),
           (SELECT max(s.signed_at) FROM signatures s WHERE s.document_id = d.id)
      FROM documents d JOIN companies b ON b.id = d.buyer_id JOIN companies v ON v.id = d.vendor_id
     WHERE d.sha256 = a_sha256
$$
