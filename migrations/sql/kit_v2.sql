-- function submissions_forget(interval)
-- Deletes what forms were answered that long ago. For the clockwork, in whose scope no company works; never anything
-- younger than a day, whoever calls it with what.
CREATE FUNCTION submissions_forget(a_age interval) RETURNS void LANGUAGE sql AS $$
    DELETE FROM submissions s
     WHERE s.created_at < portal_now() - GREATEST(a_age, interval '1 day')
       AND portal_scope() = 'public' AND portal_person() IS NULL
$$
