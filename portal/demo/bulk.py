"""Many vendors at once, for measuring: written with COPY past the actions, but just as the actions would leave them.

A vendor has a profile, one or two live services with rate cards, and the entry of the public directory that
`entry_of` works out from them. Descriptions are made of pseudo-words whose frequencies follow Zipf's law, as those of
real texts do: of 20,000 words the first stands in most texts and the last in hardly any. Several processes write;
the indexes of the directory are built afterwards, which is much faster than keeping them up.
"""

import json
import os
import random
import uuid
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import cache
from itertools import accumulate
from typing import Any

import psycopg

from portal.catalog.entry import entry_of
from portal.catalog.facets import Rates
from portal.catalog.models import SERVICE_FIELDS, VendorProfile
from portal.catalog.vocabulary import AROUND_THE_CLOCK, LANGUAGES
from portal.demo.rate_cards import card
from portal.measures.words import LEVELS, Channel, Industry, Mode
from portal.pricing.documents import rate_card_from_document
from portal.pricing.values import RateCard

CHUNK = 5000
"""Vendors of one transaction."""
VOCABULARY = 20_000
WORDS_A_VENDOR = 150
REVIEWED = 0.6
"""The share of vendors with reviews; their marks and numbers differ, and so does their standing in the directory."""
PLACES = (
    ("PL", "Kraków", "Europe/Warsaw", "EUR"), ("PT", "Porto", "Europe/Lisbon", "EUR"),
    ("RO", "Cluj-Napoca", "Europe/Bucharest", "EUR"), ("GB", "Leeds", "Europe/London", "GBP"),
    ("PH", "Cebu City", "Asia/Manila", "USD"), ("TW", "臺中市", "Asia/Taipei", "TWD"),
    ("IN", "Pune", "Asia/Kolkata", "USD"), ("ZA", "Cape Town", "Africa/Johannesburg", "USD"),
    ("MX", "Guadalajara", "America/Mexico_City", "USD"), ("US", "Tulsa", "America/Chicago", "USD"),
    ("CA", "Halifax", "America/Halifax", "USD"), ("JP", "札幌市", "Asia/Tokyo", "EUR"),
)  # fmt: skip
PER_POUND = {"GBP": "1", "EUR": "1.18", "USD": "1.27", "TWD": "41"}
OFFICE = {day: [["08:00", "20:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}
SYLLABLES = ("ka", "lo", "mi", "ren", "ta", "vo", "sel", "du", "nor", "bi", "pra", "ex", "ol", "fi", "gan", "hu")

Say = Callable[[str], None]
Row = dict[str, Any]

COLUMNS = {
    "companies": (
        "id", "kind", "name", "slug", "state", "country", "timezone", "currency", "open_at",
    ),
    "vendor_profiles": (
        "company_id", "headline", "description", "website", "founded", "agents", "seats_free", "sites", "languages",
        "industries",
    ),
    "rate_cards": ("id", "company_id", "name", "currency", "state", "document", "active_at"),
    "rate_card_versions": ("id", "company_id", "card_id", "number", "document", "valid_from", "published_by"),
    "standings": ("company_id", "figure", "value", "n", "as_of"),
    "services": ("id", "company_id", "slug", *SERVICE_FIELDS, "state", "submitted", "live", "submitted_at", "live_at"),
}  # fmt: skip
TABLES = (*COLUMNS, "directory_entries")


@dataclass(slots=True)
class Batch:
    """The rows of some vendors, by table."""

    rows: dict[str, list[Row]] = field(default_factory=lambda: {name: [] for name in TABLES})

    def add(self, table: str, row: Row) -> None:
        """One more row."""
        self.rows[table].append(row)


def load_vendors(owner_url: str, count: int, seed: int, rates: Rates, say: Say) -> None:
    """Add `count` vendors to the database that `owner_url` (a plain libpq address) logs into as its owner.

    The same seed gives the same vendors; a second load of the same seed is refused by their names.
    """
    with _prepared(owner_url, say):
        _write_all(owner_url, count, seed, rates, say)
    with psycopg.connect(owner_url, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE directory_entries")


@contextmanager
def _prepared(owner_url: str, say: Say) -> Iterator[None]:
    """Without the directory's indexes, and with the owner's own row level security off: COPY does not work under it.

    What the portal itself may see stays as it is all the time, since it does not log in as the owner.
    """
    with psycopg.connect(owner_url) as connection:
        definitions = _drop_indexes(connection)
        for table in TABLES:
            connection.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY".encode())
    try:
        yield
    finally:
        say("Building the indexes …")
        with psycopg.connect(owner_url) as connection:
            connection.execute("SET maintenance_work_mem = '512MB'")
            for definition in definitions:
                connection.execute(definition.encode())
            for table in TABLES:
                connection.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY".encode())
            connection.execute(
                "INSERT INTO directory_counts SELECT facet, count(*) FROM directory_entries, unnest(facets) AS facet"
                " GROUP BY facet UNION ALL SELECT 'all', count(*) FROM directory_entries"
                " ON CONFLICT (facet) DO UPDATE SET count = excluded.count"
            )


def _write_all(owner_url: str, count: int, seed: int, rates: Rates, say: Say) -> None:
    spans = [(first, min(first + CHUNK, count)) for first in range(0, count, CHUNK)]
    if len(spans) == 1:
        _write(owner_url, seed, *spans[0], dict(rates))
        return
    done = 0
    with ProcessPoolExecutor(max_workers=min(len(spans), os.cpu_count() or 1)) as pool:
        futures = {
            pool.submit(_write, owner_url, seed, first, last, dict(rates)): last - first for first, last in spans
        }
        for future in as_completed(futures):
            future.result()
            done += futures[future]
            say(f"{done:,} of {count:,} vendors written …")


def _drop_indexes(connection: psycopg.Connection) -> list[str]:
    """Drop the directory's indexes that no constraint needs; the answer makes them anew."""
    found = connection.execute(
        "SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index i"
        " WHERE indrelid = 'directory_entries'::regclass"
        " AND NOT EXISTS (SELECT 1 FROM pg_constraint c WHERE c.conindid = i.indexrelid)"
    ).fetchall()
    for name, _definition in found:
        connection.execute(f"DROP INDEX {name}".encode())
    return [definition for _name, definition in found]


def _write(owner_url: str, seed: int, first: int, last: int, rates: dict[str, Decimal]) -> None:
    """Write the vendors from number `first` up to but without `last`, in one transaction."""
    batch = Batch()
    for number in range(first, last):
        _vendor(batch, number, random.Random(f"{seed}/{number}"), rates)
    with psycopg.connect(owner_url) as connection:
        for table, rows in batch.rows.items():
            columns = COLUMNS.get(table) or tuple(rows[0])
            with connection.cursor().copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN".encode()) as copy:
                for row in rows:
                    copy.write_row([_plain(row.get(column), column, table) for column in columns])


def _plain(value: Any, column: str, table: str) -> Any:
    """A value as COPY writes it; JSON columns are known by what they hold, the directory's lists are arrays."""
    is_array = table == "directory_entries" and column not in ("services", "profile")
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) and not is_array else value


def _vendor(batch: Batch, number: int, chance: random.Random, rates: Rates) -> None:
    country, city, timezone, currency = chance.choice(PLACES)
    company_id = uuid.UUID(int=chance.getrandbits(128), version=4)
    listed_at = datetime(2024, 1, 1, tzinfo=UTC) + timedelta(minutes=chance.randrange(1_400_000))
    name = f"{chance.choice(SYLLABLES)}{chance.choice(SYLLABLES)}{chance.choice(SYLLABLES)} Contact {number}".title()
    slug = name.lower().replace(" ", "-")
    profile = _profile(chance, country, city, timezone)
    batch.add(
        "companies",
        {
            "id": company_id, "kind": "vendor", "name": name, "slug": slug, "state": "open", "country": country,
            "timezone": timezone, "currency": currency, "open_at": listed_at,
        },
    )  # fmt: skip
    batch.add("vendor_profiles", {"company_id": company_id, **profile})
    profile = _unwritten_profile() | profile
    services = [
        _service(batch, chance, company_id, currency, timezone, listed_at + timedelta(days=position - 1), position)
        for position in range(1, 2 + (chance.random() < 0.3))
    ]
    source = {
        "vendor_id": str(company_id), "slug": slug, "name": name, "country": country, "timezone": timezone,
        "listed_at": listed_at.isoformat(), "profile": profile, "services": services, "standings": {},
        "now": listed_at.isoformat(),
    }  # fmt: skip
    if chance.random() < REVIEWED:
        value = format(Decimal(max(10, min(50, round(chance.gauss(41, 5))))) / 10, "f")
        rating = {"value": value, "n": 1 + int(chance.expovariate(0.1))}
        source["standings"] = {"rating": rating}
        batch.add("standings", {"company_id": company_id, "figure": "rating", **rating, "as_of": listed_at})
    batch.add("directory_entries", {**entry_of(source, rates, _read_card), "updated_at": listed_at})


_read_cards: dict[int, RateCard] = {}


def _read_card(document: Row, path: str) -> RateCard:
    """Cards repeat: `_document` gives the same one for the same price."""
    if id(document) not in _read_cards:
        _read_cards[id(document)] = rate_card_from_document(document, path)
    return _read_cards[id(document)]


@cache
def _document(currency: str, model: str, factor: str) -> Row:
    return card(currency, PER_POUND[currency], model, factor)


@cache
def _unwritten_profile() -> Row:
    """What the columns of a profile hold of which nothing was written."""
    columns = [column for column in VendorProfile.__table__.columns if column.key not in ("company_id", "version")]
    defaults = {column.key: column.default.arg if column.default is not None else None for column in columns}
    return {key: default(None) if callable(default) else default for key, default in defaults.items()}


def _profile(chance: random.Random, country: str, city: str, timezone: str) -> Row:
    agents = chance.randrange(20, 2000)
    site = {"city": city, "country": country, "timezone": timezone, "seats": agents}
    return {
        "headline": _text(chance, 8),
        "description": _text(chance, WORDS_A_VENDOR),
        "website": "",
        "founded": chance.randrange(1990, 2025),
        "agents": agents,
        "seats_free": chance.randrange(0, 300),
        "sites": [site],
        "languages": [],
        "industries": [],
    }


def _service(
    batch: Batch, chance: random.Random, company_id: uuid.UUID, currency: str, zone: str, at: datetime, position: int
) -> Row:
    """A live service with its card; the answer is what the directory publishes of it."""
    service_id, card_id = (uuid.UUID(int=chance.getrandbits(128), version=4) for _ in range(2))
    model = chance.choice(("hour", "contact", "fte"))
    document = _document(currency, model, format(Decimal(chance.randrange(60, 140)) / 100, "f"))
    card_name = f"Rates {position}"
    title = f"{_text(chance, 2)} support".capitalize()
    copy: Row = {
        "title": title,
        "summary": _text(chance, 10),
        "description": _text(chance, 20),
        "modes": chance.sample(list(Mode), chance.randrange(1, 4)),
        "channels": chance.sample(list(Channel), chance.randrange(1, 5)),
        "languages": [
            {"code": code, "level": chance.choice(LEVELS)}
            for code in _sample(chance, LANGUAGES, chance.randrange(1, 5))
        ],
        "industries": chance.sample(list(Industry), chance.randrange(1, 4)),
        "countries": [],
        "hours": AROUND_THE_CLOCK if chance.random() < 0.3 else OFFICE,
        "timezone": zone,
        "minimum_agents": chance.randrange(1, 50),
        "minimum_months": chance.randrange(1, 24),
        "lead_days": chance.randrange(7, 90),
        "rate_card": {"name": card_name, "document": document},
    }
    _card(batch, card_id, company_id, card_name, document, at)
    slug = f"service-{position}"
    row = {**copy, "id": service_id, "company_id": company_id, "slug": slug, "rate_card_id": card_id, "state": "live"}
    batch.add("services", {**row, "submitted": copy, "live": copy, "submitted_at": at, "live_at": at})
    return {**copy, "id": str(service_id), "slug": slug, "live_at": at.isoformat()}


def _card(
    batch: Batch, card_id: uuid.UUID, company_id: uuid.UUID, card_name: str, document: dict[str, Any], at: datetime
) -> None:
    """A rate card with its first version in force."""
    version_id = uuid.uuid5(card_id, "version 1")
    batch.add(
        "rate_cards",
        {
            "id": card_id, "company_id": company_id, "name": card_name, "currency": document["currency"],
            "state": "active", "document": document, "active_at": at,
        },
    )  # fmt: skip
    batch.add(
        "rate_card_versions",
        {
            "id": version_id, "company_id": company_id, "card_id": card_id, "number": 1, "document": document,
            "valid_from": at.date(), "published_by": "",
        },
    )  # fmt: skip


def _sample(chance: random.Random, values: Sequence[str], count: int) -> list[str]:
    """English mostly, then languages that are the rarer the later they stand."""
    chosen = ["en"] if chance.random() < 0.7 else []
    while len(chosen) < count:
        code = values[min(int(chance.expovariate(0.12)), len(values) - 1)]
        if code not in chosen:
            chosen.append(code)
    return chosen


def _text(chance: random.Random, words: int) -> str:
    return " ".join(chance.choices(_VOCABULARY, cum_weights=_WEIGHTS, k=words))


def vocabulary() -> Iterator[str]:
    """The pseudo-words from the commonest to the rarest; each is made of syllables and differs from all others."""
    for number in range(VOCABULARY):
        word, rest = "", number
        for _ in range(4):
            word, rest = word + SYLLABLES[rest % len(SYLLABLES)], rest // len(SYLLABLES)
        yield word


_VOCABULARY = list(vocabulary())
_WEIGHTS = list(accumulate(1 / rank for rank in range(1, VOCABULARY + 1)))
