"""What public pages say, in the words of schema.org: vendors, lists of them, questions, and where a page stands."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from flask import url_for

from blueprints.public.prices import price_unit
from blueprints.shared.findable import Facts, absolute
from blueprints.shared.formatting import html_lang, reader_locale
from portal.help import markup
from portal.help.queries import Shown as ShownQuestion
from portal.kit.money import exponent
from portal.measures.words import CHANNEL_NAMES
from portal.pricing.documents import rate_card_from_document
from portal.pricing.indicative import Indicative, indicative_price

BEST, WORST = 5, 1
# Codes of UN/CEFACT for what a price is per, where there is one.
_UNIT_CODES = {"hour": "HUR", "minute": "MIN", "month": "MON"}


def breadcrumbs(trail: Iterable[tuple[str, str]]) -> Facts:
    """Where a page stands: (words, path) from the top down to itself."""
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": number, "name": str(words), "item": absolute(path)}
            for number, (words, path) in enumerate(trail, start=1)
        ],
    }


def vendor_list(rows: Sequence[Any], total: int | None) -> Facts:
    """A page of the directory; `total` how many there are where that is known."""
    items = [
        {
            "@type": "ListItem",
            "position": number,
            "name": row.name,
            "url": absolute(url_for("public.show_vendor", slug=row.slug)),
        }
        for number, row in enumerate(rows, start=1)
    ]
    return {"@type": "ItemList", "itemListElement": items} | ({} if total is None else {"numberOfItems": total})


def vendor_facts(vendor: Any) -> list[Facts]:
    """A listed vendor and its services. Ratings and offers are named only where there are any."""
    address = absolute(url_for("public.show_vendor", slug=vendor.slug))
    organization: Facts = {
        "@type": "Organization",
        "@id": f"{address}#vendor",
        "name": vendor.name,
        "url": address,
        "description": vendor.headline,
        "address": {
            "@type": "PostalAddress",
            "addressCountry": vendor.country,
            **({"addressLocality": vendor.city} if vendor.city else {}),
        },
        "knowsLanguage": [html_lang(code) for code in vendor.languages],
    }
    if vendor.profile.get("website"):
        organization["sameAs"] = [vendor.profile["website"]]
    if vendor.profile.get("founded"):
        organization["foundingDate"] = str(vendor.profile["founded"])
    if vendor.rating is not None and vendor.review_count:
        organization["aggregateRating"] = {
            "@type": "AggregateRating",
            "ratingValue": vendor.rating,
            "reviewCount": vendor.review_count,
            "bestRating": BEST,
            "worstRating": WORST,
        }
    return [organization, *(_service(service, address) for service in vendor.services)]


def _service(service: dict[str, Any], address: str) -> Facts:
    found: Facts = {
        "@type": "Service",
        "@id": f"{address}#service-{service['slug']}",
        "name": service["title"],
        "description": service["summary"],
        "serviceType": [str(CHANNEL_NAMES[channel]) for channel in service["channels"]],
        "provider": {"@id": f"{address}#vendor"},
        "availableChannel": {
            "@type": "ServiceChannel",
            "availableLanguage": [html_lang(one["code"]) for one in service["languages"]],
        },
    }
    price = _price(service)
    if price is not None:
        found["offers"] = {
            "@type": "Offer",
            "url": f"{address}?service={service['slug']}",
            "priceSpecification": _unit_price(price),
        }
    return found


def _price(service: dict[str, Any]) -> Indicative | None:
    card = service.get("rate_card")
    return indicative_price([rate_card_from_document(card["document"], "")]) if card else None


def _unit_price(price: Indicative) -> Facts:
    """The lowest published rate; the true price depends on the volume, so it is named as one from which on."""
    places = exponent(price.currency)
    code = _UNIT_CODES.get(price.unit)
    return {
        "@type": "UnitPriceSpecification",
        "minPrice": str(Decimal(price.minor).scaleb(-places)),
        "priceCurrency": price.currency,
        "unitText": str(price_unit(price.unit, price.basis)),
    } | ({"unitCode": code} if code else {})


def questions_page(questions: Iterable[ShownQuestion], path: str) -> Facts:
    """A page of questions with their answers in plain words."""
    return {
        "@type": "FAQPage",
        "url": absolute(path),
        "inLanguage": str(reader_locale()).replace("_", "-"),
        "mainEntity": [
            {
                "@type": "Question",
                "name": one.text.question,
                "url": absolute(url_for("public.show_question", slug=one.thing.slug)),
                "inLanguage": html_lang(one.text.language),
                "acceptedAnswer": {"@type": "Answer", "text": markup.plain(one.text.answer)},
            }
            for one in questions
        ],
    }
