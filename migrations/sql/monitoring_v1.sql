-- function survey_find(text)
CREATE FUNCTION survey_find(a_token_hash text) RETURNS TABLE (brand text, state text) LANGUAGE sql STABLE AS $$
    SELECT s.brand, s.state FROM surveys s WHERE s.token_hash = a_token_hash
$$
-- function survey_answer(text, bigint, text, text)
CREATE FUNCTION survey_answer(a_token_hash text, a_score bigint, a_comment text, a_language text)
RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO survey_responses (id, survey_id, buyer_id, vendor_id, score, comment, language, answered_at)
    SELECT gen_random_uuid(), s.id, s.buyer_id, s.vendor_id, a_score, a_comment, a_language, portal_now()
      FROM surveys s WHERE s.token_hash = a_token_hash AND s.state = 'active';
    RETURN FOUND;
END $$
