"""What somebody looks for in the directory, read from whatever an address holds. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, get_args
from urllib.parse import parse_qs, urlencode

from portal.catalog.facets import PRICE_STEPS, RATING_STEPS, SEAT_STEPS
from portal.catalog.vocabulary import LANGUAGES
from portal.measures.words import Channel, Industry, Mode

Sort = Literal["relevance", "price", "rating", "name", "newest"]
SORTS: tuple[Sort, ...] = get_args(Sort)
MAX_WORDS = 200
MAX_RATE = 10_000
MAX_CODE = 40


@dataclass(frozen=True, slots=True)
class Wanted:
    """A search. Values that nothing can match are left out by `of`.

    `max_rate` is the most an agent's hour may cost in whole units of the reference currency, `min_rating` the least
    mark, `seats` the least number of free seats.
    """

    q: str = ""
    channels: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    modes: tuple[str, ...] = ()
    industries: tuple[str, ...] = ()
    securities: tuple[str, ...] = ()
    country: str = ""
    max_rate: int | None = None
    min_rating: Decimal | None = None
    seats: int | None = None
    sort: Sort = "relevance"

    @classmethod
    def of(cls, one: Mapping[str, str], many: Mapping[str, Sequence[str]]) -> "Wanted":
        """From single values and lists by the names of the address: nothing is refused, what is unknown is dropped."""
        country = one.get("country", "")
        is_country = len(country) == 2 and country.isascii() and country.isalpha()
        sort = one.get("sort", "")
        return cls(
            q=" ".join(one.get("q", "").split())[:MAX_WORDS],
            channels=_known(Channel, many.get("channel")),
            languages=_known(LANGUAGES, many.get("language")),
            modes=_known(Mode, many.get("mode")),
            industries=_known(Industry, many.get("industry")),
            securities=tuple(sorted({code for code in many.get("security") or () if _is_code(code)})),
            country=country.upper() if is_country else "",
            max_rate=_whole(one.get("max_rate", ""), MAX_RATE),
            min_rating=_step(one.get("rating", "")),
            seats=next((step for step in SEAT_STEPS if one.get("seats") == str(step)), None),
            sort=next((known for known in SORTS if known == sort), "relevance"),
        )

    @classmethod
    def read(cls, query: str) -> "Wanted":
        """What `query` wrote, as far as it still means something."""
        many = parse_qs(query)
        return cls.of({name: values[0] for name, values in many.items()}, many)

    @property
    def values(self) -> dict[str, list[str]]:
        """What is looked for, by the names of the address; what is not asked for is an empty list."""
        return {
            "q": [self.q] if self.q else [],
            "channel": list(self.channels),
            "language": list(self.languages),
            "mode": list(self.modes),
            "industry": list(self.industries),
            "security": list(self.securities),
            "country": [self.country] if self.country else [],
            "max_rate": [] if self.max_rate is None else [str(self.max_rate)],
            "rating": [] if self.min_rating is None else [str(self.min_rating)],
            "seats": [] if self.seats is None else [str(self.seats)],
        }

    @property
    def query(self) -> str:
        """What is looked for as one text, the same for the same search however it was written; without the order."""
        return urlencode(self.values, doseq=True)

    @property
    def over_steps(self) -> bool:
        """Whether the most an hour may cost is none of the steps that entries carry."""
        return self.max_rate is not None and self.max_rate not in PRICE_STEPS

    @property
    def facets(self) -> list[str]:
        """The facets an entry must carry, all of them."""
        found = [
            *(f"c:{channel}" for channel in self.channels),
            *(f"l:{language}" for language in self.languages),
            *(f"m:{mode}" for mode in self.modes),
            *(f"i:{industry}" for industry in self.industries),
            *(f"s:{code}" for code in self.securities),
        ]
        found += [f"k:{self.country}"] if self.country else []
        found += [f"p:{self.max_rate}"] if self.max_rate is not None and not self.over_steps else []
        found += [] if self.min_rating is None else [f"r:{self.min_rating}"]
        return found + ([] if self.seats is None else [f"f:{self.seats}"])


def _known(words: Sequence[str] | type, given: Sequence[str] | None) -> tuple[str, ...]:
    return tuple(str(word) for word in words if word in (given or ()))  # type: ignore[union-attr]


def _is_code(value: str) -> bool:
    return 0 < len(value) <= MAX_CODE and value.isascii() and value.replace("_", "").isalnum()


def _whole(value: str, most: int) -> int | None:
    return int(value) if value.isascii() and value.isdigit() and len(value) < 6 and 0 < int(value) <= most else None


def _step(value: str) -> Decimal | None:
    return next((step for step in RATING_STEPS if value == str(step)), None)
