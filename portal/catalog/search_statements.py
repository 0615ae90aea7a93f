"""The statements of the directory's search. Each answers at once: what matches, which facets it has, and one page.

The first row of an answer carries the `look` (see `_look`) beside its vendor; an answer without vendors is one row that
carries it alone. Conditions and orders are put in by `search`; values are always bound.
"""

from portal.catalog.facets import SERVICE_KINDS

PAGE = 20
RANKED_WHOLE = 500
"""Up to so many matches all of them are ranked."""
CANDIDATES = 120
"""How many of more matches are ranked: the best by quality."""
TITLED = 50
"""How many more of them are ranked because they match in a title or name."""
TALLIED = 100
"""Facets of a search are counted exactly among so many matches; beyond it they are estimated from so many."""
MOST_WALKED = 20_000
"""How far along an order matches are looked for."""

COLUMNS = (
    "vendor_id, slug, name, country, city, timezone, headline, channels, languages, price_from_minor, price_unit,"
    " price_basis, price_currency, lead_days, seats_free, rating, review_count, quality, updated_at"
)
_OF_ENTRY = ", ".join(f"d.{name.strip()}" for name in COLUMNS.split(","))
# Word weights of D, C, B, A: a word in a name or title counts ten times one in a description.
_RANK = "(ts_rank(CAST(ARRAY[0.1, 0.2, 0.4, 1.0] AS real[]), words, CAST(:words AS tsquery)) * 1000000)::bigint"
_IN_TITLE = "title_words @@ CAST(:words AS tsquery)"
_BY_RANK = "key_1 DESC, key_2 DESC, key_3 DESC"
MARK = "(SELECT sum(hashtextextended(facet, count))::text FROM directory_counts WHERE count > 0)"
"""What changes with the kept counts of the whole directory, which are read anew only then."""

ALL_FACETS = "SELECT unnest(facets) AS facet FROM sample"
# Facets of services count only where the service has all that is wanted of one; of a vendor with one service it has.
FITTING_FACETS = f"""
SELECT unnest(facets) AS facet FROM sample WHERE cardinality(offers) = 1
 UNION ALL
SELECT facet FROM sample, unnest(facets) AS facet
 WHERE cardinality(offers) > 1 AND strpos('{SERVICE_KINDS}', left(facet, 1)) = 0
 UNION ALL
SELECT facet FROM (SELECT DISTINCT vendor_id, facet FROM sample, unnest(offers) AS offer,
                          unnest(string_to_array(btrim(offer), ' ')) AS facet
                    WHERE cardinality(offers) > 1 AND {{fits}}) AS of_fitting
"""  # noqa: S608 - made of constants; values are bound

_TALLY = "tally AS (SELECT facet, count(*) AS count FROM ({facets}) AS found GROUP BY facet)"
_SAMPLE = f"""
sample AS MATERIALIZED (SELECT vendor_id, facets, offers FROM directory_entries
                         WHERE ctid = ANY(ARRAY(SELECT place FROM matches LIMIT {TALLIED}))),
{_TALLY}"""  # noqa: S608 - made of constants; values are bound


def _look(order: str, more: str = "") -> str:
    """In the first row: how many were found, how many of a sample of them have each facet, and of the directory."""
    return f"""
       CASE row_number() OVER (ORDER BY {order}) WHEN 1 THEN jsonb_build_object(
           'total', (SELECT count(*) FROM matches), 'mark', {MARK},
           'counts', (SELECT jsonb_object_agg(facet, count) FROM tally){more}) END AS look,
       portal_now() AS asked_at FROM (VALUES (1)) AS one LEFT JOIN page ON true ORDER BY {order}
"""  # noqa: S608 - made of constants; values are bound


WHOLE = f"""
SELECT (SELECT jsonb_object_agg(facet, count) FROM directory_counts WHERE count > 0) AS kept, {MARK} AS mark,
       portal_now() AS asked_at
"""  # noqa: S608 - made of constants
# Without anything wanted: the order alone.
ORDERED = (
    f"SELECT {COLUMNS}, {{first}} AS key_1, {{second}} AS key_2 FROM directory_entries"  # noqa: S608 - constants
    f" WHERE {{where}} ORDER BY {{order}} LIMIT {PAGE + 1}"
)
LISTED = f"""
WITH page AS ({ORDERED})
SELECT page.*, CASE row_number() OVER () WHEN 1 THEN {MARK} END AS mark, portal_now() AS asked_at FROM page
"""  # noqa: S608 - made of constants; values are bound

# Through the index of facets and words: every match is looked at, up to `:most` of them.
BY_INDEX = f"""
WITH matches AS MATERIALIZED (SELECT ctid AS place, {{first}} AS key_1, {{second}} AS key_2 FROM directory_entries
                               WHERE {{where}} LIMIT :most + 1),
{_SAMPLE},
page AS (SELECT {_OF_ENTRY}, key_1, key_2
           FROM (SELECT * FROM matches WHERE {{beyond}} ORDER BY {{by_keys}} LIMIT {PAGE + 1}) AS best
           JOIN directory_entries d ON d.ctid = best.place)
SELECT page.*, {_look("{by_keys}")}"""  # noqa: S608 - made of constants; values are bound

# Along the order of the list: the first matches are found soon where many match.
ALONG_ORDER = f"""
WITH matches AS MATERIALIZED (
    SELECT * FROM (SELECT {COLUMNS}, facets, offers, price_key, {{first}} AS key_1, {{second}} AS key_2,
                          row_number() OVER (ORDER BY {{order}}) AS position
                     FROM directory_entries ORDER BY {{order}} LIMIT {MOST_WALKED}) AS walked
     WHERE {{where}} LIMIT {TALLIED + 1}),
sample AS (SELECT vendor_id, facets, offers FROM matches ORDER BY position LIMIT {TALLIED}),
{_TALLY},
page AS (SELECT {COLUMNS}, key_1, key_2 FROM matches ORDER BY position LIMIT {PAGE + 1})
SELECT page.*, {_look("{by_keys}", ", 'walked', (SELECT max(position) FROM matches)")}"""  # noqa: S608 - constants

# Words: matches are ranked, of many only the best by quality and by title. Wide columns are read for the page alone.
_PAGE_OF_RANKED = f"""
ranked AS (SELECT ctid AS place, {_RANK} AS key_1, quality AS key_2, vendor_id AS key_3, {_IN_TITLE} AS in_title
             FROM directory_entries WHERE ctid = ANY(ARRAY(SELECT place FROM candidates))),
page AS (SELECT {_OF_ENTRY}, in_title, key_1, key_2, key_3
           FROM (SELECT * FROM ranked WHERE {{beyond}} ORDER BY {_BY_RANK} LIMIT {PAGE + 1}) AS best
           JOIN directory_entries d ON d.ctid = best.place)
"""  # noqa: S608 - made of constants; values are bound
_TITLED = f"""
(SELECT place FROM (SELECT ctid AS place, quality, vendor_id FROM directory_entries
                     WHERE {_IN_TITLE} AND {{rest}} AND {{asked}} LIMIT {2 * RANKED_WHOLE}) AS titled
  ORDER BY quality DESC, vendor_id DESC LIMIT {TITLED})
"""  # noqa: S608 - made of constants; values are bound
_FAIRLY_MANY = f"(SELECT count(*) FROM matches) BETWEEN {RANKED_WHOLE + 1} AND :most"  # noqa: S608 - constants
BY_WORDS = f"""
WITH matches AS MATERIALIZED (SELECT ctid AS place, quality, vendor_id FROM directory_entries
                               WHERE {{where}} LIMIT :most + 1),
{_SAMPLE},
candidates AS ((SELECT place FROM matches ORDER BY quality DESC, vendor_id DESC
                 LIMIT (SELECT CASE WHEN count(*) > :most THEN 0 WHEN count(*) > {RANKED_WHOLE} THEN {CANDIDATES}
                                    ELSE {RANKED_WHOLE} END FROM matches))
               UNION {_TITLED.format(rest="{rest}", asked=_FAIRLY_MANY)}),
{_PAGE_OF_RANKED}
SELECT page.*, {_look(_BY_RANK)}"""  # noqa: S608 - made of constants; values are bound
# So many match that the best by quality are found along that order.
BROAD_WORDS = f"""
WITH candidates AS ((SELECT ctid AS place FROM directory_entries WHERE {{where}}
                      ORDER BY quality DESC, vendor_id DESC LIMIT {CANDIDATES})
                    UNION {_TITLED.format(rest="{rest}", asked="true")}),
{_PAGE_OF_RANKED}
SELECT * FROM page ORDER BY {_BY_RANK}
"""  # noqa: S608 - made of constants; values are bound
BEYOND_RANK = "(key_1, key_2, key_3) < (:after_1, :after_2, CAST(:after_3 AS uuid))"
