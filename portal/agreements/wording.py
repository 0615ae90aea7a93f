"""The wording of an agreement, in every language, from its terms.

Each clause is a numbered paragraph; everything commercial is printed from the terms, so that what is read is what is
billed. The wording that counts where two differ is named in the text itself.
"""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from babel import Locale
from babel.dates import format_date
from babel.numbers import format_decimal
from babel.units import format_unit

from portal.agreements.models import Agreement
from portal.agreements.terms import percent_of
from portal.agreements.wording_prices import price_lines
from portal.billing.tax import shown_tax
from portal.kit.language import written_in
from portal.kit.text import gettext as _
from portal.kit.text import listed
from portal.measures.catalogue import measure
from portal.measures.definitions import Unit
from portal.measures.words import CHANNEL_NAMES, MODE_NAMES, WEEKDAY_NAMES, Channel
from portal.needs.states import GOAL_NAMES, SPLIT_NAMES
from portal.needs.targets import unit_of
from portal.pricing.documents import scenario_from_document

LANGUAGES = {"en": "English", "zh_Hant": "繁體中文", "zh_Hans": "简体中文"}
Section = tuple[str, list[str]]


def in_all_languages(agreement: Agreement, special_terms: str, authoritative: str) -> dict[str, str]:
    """The text of an agreement in each language; `authoritative` is the one that counts."""
    texts = {}
    for language in LANGUAGES:
        with written_in(language):
            texts[language] = _text(agreement, special_terms, authoritative, language)
    return texts


def _text(agreement: Agreement, special_terms: str, authoritative: str, language: str) -> str:
    heading = _("Service agreement %(number)s: %(title)s", number=agreement.number, title=agreement.title)
    parts = [heading, ""]
    sections = _sections(agreement, special_terms, authoritative, language)
    for number, (title, clauses) in enumerate(sections, start=1):
        parts.append(f"{number}. {title}")
        parts.extend(f"{number}.{place} {clause}" for place, clause in enumerate(clauses, start=1))
        parts.append("")
    return "\n".join(parts).rstrip() + "\n"


def _sections(agreement: Agreement, special_terms: str, authoritative: str, language: str) -> Iterator[Section]:
    terms = agreement.terms
    yield _("Parties"), _parties(terms, language)
    yield _("Scope"), _scope(terms, language)
    yield _("Term and notice"), _term(terms, language)
    yield _("Volumes"), _volumes(terms, language)
    yield _("Service targets"), _targets(terms, language)
    yield _("Charges"), price_lines(terms, language)
    yield _("Invoices, tax and payment"), _payment(terms)
    yield _("Training, acceptance and go-live"), _training()
    yield _("Monitoring"), _monitoring()
    yield _("Confidentiality and personal data"), _data(terms, language)
    yield _("Changes"), _changes()
    yield _("Special terms"), special_terms.split("\n") if special_terms else [_("None.")]
    yield _("Language and evidence"), _evidence(authoritative)


def _parties(terms: dict[str, Any], language: str) -> list[str]:
    sides = ((_("Buyer"), terms["parties"]["buyer"]), (_("Vendor"), terms["parties"]["vendor"]))
    return [_party(role, letterhead, language) for role, letterhead in sides]


def _party(role: str, letterhead: dict[str, str], language: str) -> str:
    country = Locale.parse(language).territories.get(letterhead["country"], letterhead["country"])
    known = [letterhead["legal_name"], listed(letterhead["address"].splitlines()), country]
    if letterhead["vat_id"]:
        known.append(_("VAT id %(id)s", id=letterhead["vat_id"]))
    return _("%(name)s: %(words)s", name=role, words=listed(part for part in known if part))


def _scope(terms: dict[str, Any], language: str) -> list[str]:
    asked, named = terms["requirement"], Locale.parse(language).languages
    channels = listed(CHANNEL_NAMES[target["channel"]] for target in terms["targets"])
    languages = listed(
        f"{named.get(line['code'], line['code'])} {line['level']} ({line['share']} %)" for line in asked["languages"]
    )
    goals = listed(GOAL_NAMES.get(goal, goal) for goal in asked["goals"])
    clauses = [
        _("The buyer hands customer service to the vendor as requirement %(number)s states.", number=asked["number"]),
        _("Mode: %(mode)s.", mode=MODE_NAMES[asked["mode"]]),
        _("Channels: %(channels)s.", channels=channels),
        _("Languages, with level and share of volume: %(languages)s.", languages=languages),
        _("Hours (%(zone)s): %(hours)s.", zone=asked["timezone"], hours=_hours(asked)),
        _("Goals: %(goals)s.", goals=goals),
    ]
    if "requirement_version" in terms:
        counts = terms["requirement_version"]
        clauses.append(
            _(
                "Version %(n)s of the requirement counts, SHA-256 %(digest)s.",
                n=counts["number"],
                digest=counts["sha256"],
            )
        )
    if asked.get("agreed"):
        clauses.append(_("Agreed in addition: %(words)s.", words=_open_ended(asked["agreed"])))
    if asked["mode"] == "partial":
        rule = ": ".join(filter(None, (str(SPLIT_NAMES[asked["split_rule"]]), asked["split_note"])))
        clauses.append(_("Split: %(rule)s.", rule=_open_ended(rule)))
        clauses.append(_("The buyer's own team keeps: %(kept)s.", kept=_open_ended(asked["retained"])))
    if asked["mode"] == "temporary":
        clauses.append(_("Wind-down: %(steps)s.", steps=_open_ended(asked["wind_down"])))
    return clauses


def _open_ended(words: str) -> str:
    """What a person wrote, without the full stop that the clause brings."""
    return words.rstrip(" .。")


def _hours(asked: dict[str, Any]) -> str:
    if asked["is_24x7"]:
        return _("around the clock, every day")
    days = []
    for day, name in WEEKDAY_NAMES.items():  # the order of the week; a stored object does not keep its own
        if spans := asked["hours"].get(day):
            days.append(f"{name} " + listed(f"{start}–{end}" for start, end in spans))
    return listed(days, of_lists=True)


def _term(terms: dict[str, Any], language: str) -> list[str]:
    return [
        _(
            "The service begins on %(start)s and ends on %(end)s.",
            start=_day(terms["starts_on"], language),
            end=_day(terms["ends_on"], language),
        ),
        _("Either party may end it with %(days)s days' notice in writing.", days=terms["notice_days"]),
        _("Either party may end it at once where the other does not mend a serious breach within 30 days of notice."),
    ]


def _day(iso: str, language: str) -> str:
    return format_date(date.fromisoformat(iso), "long", locale="en_GB" if language == "en" else language)


def _volumes(terms: dict[str, Any], language: str) -> list[str]:
    scenario = scenario_from_document(terms["scenario"])
    clauses = [_("The fees were bid on this forecast; volumes that differ are charged at the agreed rates.")]
    for month in scenario.months:
        by_channel: dict[Channel, Decimal] = {}
        for row in month.volumes:
            channel = Channel(row.channel)
            by_channel[channel] = by_channel.get(channel, Decimal(0)) + row.contacts
        figures = listed(
            f"{CHANNEL_NAMES[channel]} {format_decimal(contacts.quantize(Decimal(1)), locale=language)}"
            for channel, contacts in by_channel.items()
        )
        clauses.append(_("Month %(k)s: %(figures)s.", k=month.k, figures=figures))
    return clauses


def _targets(terms: dict[str, Any], language: str) -> list[str]:
    clauses = []
    for target in terms["targets"]:
        within = _(" within %(time)s", time=_time(target["seconds"], language)) if target["seconds"] else ""
        clauses.append(
            _(
                "%(channel)s: %(metric)s%(within)s, target %(value)s, minimum %(minimum)s.",
                channel=CHANNEL_NAMES[target["channel"]],
                metric=measure(target["metric"]).name,
                within=within,
                value=_figure(target["metric"], target["value"], language),
                minimum=_figure(target["metric"], target["minimum"], language),
            )
        )
    clauses.append(_("Figures are measured per calendar month; a month without demand is neither met nor missed."))
    return clauses


def _figure(metric: str, value: str | None, language: str) -> str:
    if value is None:
        return "–"
    figure = Decimal(value)
    if unit_of(metric) is Unit.SECONDS:
        return _time(figure, language)
    written = format_decimal(figure, locale=language)
    return f"{written} %" if unit_of(metric) is Unit.PERCENT else written


def _time(seconds: Decimal | int, language: str) -> str:
    """A time in the largest unit that measures it without a rest: 20 seconds, 4 hours, 2 days."""
    length: Literal["long", "short"] = "long" if language == "en" else "short"  # Babel has no long Chinese ones
    for unit, size in (("day", 86_400), ("hour", 3_600), ("minute", 60)):
        if seconds >= size and seconds % size == 0:
            return format_unit(seconds // size, f"duration-{unit}", length=length, locale=language)
    return format_unit(seconds, "duration-second", length=length, locale=language)


def _payment(terms: dict[str, Any]) -> list[str]:
    return [
        _("One-time fees are invoiced when their milestone is accepted, operating fees monthly in arrears."),
        _("Extra fees are invoiced only from a change order that both parties have accepted."),
        _("Fees that this agreement does not name cannot be invoiced."),
        _("Tax: %(name)s, %(rate)s %%.", name=shown_tax(terms["tax"]["name"]), rate=percent_of(terms["tax"]["bps"])),
        _("Invoices are due %(days)s days after their date.", days=terms["payment_days"]),
        _(
            "The marketplace keeps %(rate)s %% of each invoice before tax; the vendor bears it.",
            rate=percent_of(terms["commission_bps"]),
        ),
    ]


def _training() -> list[str]:
    return [
        _("Both parties follow an implementation plan of milestones; what one submits the other accepts."),
        _("Agents are trained in the buyer's products, systems, service standards, values and culture before go-live."),
        _("Silence is not acceptance. Monthly fees begin with the accepted go-live."),
    ]


def _monitoring() -> list[str]:
    return [
        _("The vendor reports each month's figures per channel by the fifth working day of the next month."),
        _("The end customers' satisfaction is surveyed; the vendor neither picks who is asked nor changes answers."),
        _("Either party may object to a figure; both settle it before the month is closed."),
    ]


def _data(terms: dict[str, Any], language: str) -> list[str]:
    clauses = [
        _("Each party keeps what it learns of the other's business to itself, also after the end."),
        _("The vendor handles personal data only on the buyer's instruction and protects it as its own."),
        _("The vendor reports a breach of personal data within 48 hours of learning of it."),
        _("At the end the vendor returns or erases all personal data within 30 days and confirms it in writing."),
    ]
    if terms["requirement"]["mode"] == "temporary":
        clauses[-1] = _(
            "The vendor returns or erases all personal data within 14 days of %(end)s and confirms it in writing.",
            end=_day(terms["ends_on"], language),
        )
    return clauses


def _changes() -> list[str]:
    return [
        _("Changes of this text need a new version that both parties sign."),
        _("A change order names work, quantity, unit price and amount, and binds once both have accepted it."),
    ]


def _evidence(authoritative: str) -> list[str]:
    return [
        _("Where two wordings differ, the one in %(language)s counts.", language=LANGUAGES[authoritative]),
        _("Each party signs the SHA-256 digest of this text in all its wordings; anybody can check the digest."),
    ]
