"""Who plays the story: four buyers, eight vendors and the staff. `crowd` holds the rest of the market.

All names are invented; addresses end in demo.test.
"""

from dataclasses import dataclass
from typing import Any

PASSWORD = "switchboard-demo"


@dataclass(frozen=True, slots=True)
class Player:
    """A person with a role in a company."""

    name: str
    email: str
    role: str = "owner"
    locale: str = "en"


@dataclass(frozen=True, slots=True)
class Troupe:
    """A company with its people and what its papers say."""

    kind: str
    name: str
    country: str
    timezone: str
    currency: str
    people: tuple[Player, ...]
    legal_name: str
    vat_id: str
    address: str

    @property
    def owner(self) -> Player:
        """Who founded it."""
        return self.people[0]

    def details(self) -> dict[str, Any]:
        """The company's details for its agreements and invoices."""
        return {
            "legal_name": self.legal_name,
            "vat_id": self.vat_id,
            "registration_no": "",
            "address": self.address,
            "billing_email": self.owner.email,
            "iban": "",
        }


ORRINFIELD = Troupe(
    "buyer",
    "Orrinfield Home",
    "GB",
    "Europe/London",
    "GBP",
    (
        Player("Isla Cairns", "buyer@demo.test"),
        Player("Tom Wexley", "buyer.manager@demo.test", "manager"),
        Player("Ruth Pell", "buyer.finance@demo.test", "finance"),
    ),
    "Orrinfield Home Ltd",
    "GB 123 4567 82",
    "14 Tannery Row\nLeeds LS1 4XY",
)
HAOYU = Troupe(
    "buyer",
    "浩宇戶外 Haoyu Outdoor",
    "TW",
    "Asia/Taipei",
    "TWD",
    (Player("林育萱", "haoyu@demo.test", locale="zh_Hant"), Player("陳柏宇", "haoyu2@demo.test", "manager", "zh_Hant")),
    "浩宇戶外用品股份有限公司",
    "24536806",
    "臺中市西區公益路 68 號",
)
BRIGHTFEN = Troupe(
    "buyer",
    "Brightfen Energie",
    "DE",
    "Europe/Berlin",
    "EUR",
    (Player("Jonas Albrecht", "brightfen@demo.test"),),
    "Brightfen Energie GmbH",
    "DE 136 695 976",
    "Hafenweg 9\n48155 Münster",
)
COVEPOST = Troupe(
    "buyer",
    "Covepost Travel",
    "US",
    "America/New_York",
    "USD",
    (Player("Maya Lindqvist", "covepost@demo.test"),),
    "Covepost Travel, Inc.",
    "",
    "220 Quay Street\nPortland, ME 04101",
)
BUYERS = (ORRINFIELD, HAOYU, BRIGHTFEN, COVEPOST)

KESTRELWAY = Troupe(
    "vendor",
    "Kestrelway Contact",
    "PL",
    "Europe/Warsaw",
    "GBP",
    (
        Player("Agnieszka Dudek", "vendor@demo.test"),
        Player("Piotr Zalewski", "vendor.manager@demo.test", "manager"),
    ),
    "Kestrelway Contact sp. z o.o.",
    "PL 525 000 10 90",
    "ul. Zabłocie 20\n30-701 Kraków",
)
LINGHE = Troupe(
    "vendor",
    "翎禾客服 Linghe Service",
    "TW",
    "Asia/Taipei",
    "TWD",
    (Player("王思涵", "vendor2@demo.test", locale="zh_Hant"),),
    "翎禾客服股份有限公司",
    "80336789",
    "臺中市南屯區文心路一段 218 號",
)


def _vendor(
    name: str, country: str, zone: str, currency: str, owner: str, key: str, legal: str, address: str
) -> Troupe:
    people = (Player(owner, f"{key}@demo.test"),)
    return Troupe("vendor", name, country, zone, currency, people, legal, "", address)


VELLARO = _vendor(
    "Vellaro Assist", "PT", "Europe/Lisbon", "GBP", "Inês Tavares", "vellaro",
    "Vellaro Assist, Lda.", "Rua do Heroísmo 104\n4300-254 Porto",
)  # fmt: skip
OSTERMERE = _vendor(
    "Ostermere CX", "GB", "Europe/London", "GBP", "Callum Reeve", "ostermere",
    "Ostermere CX Ltd", "3 Canal Wharf\nLeeds LS11 5PS",
)  # fmt: skip
BAYLARK = _vendor(
    "Baylark Support", "PH", "Asia/Manila", "USD", "Grace Villanueva", "baylark",
    "Baylark Support Services, Inc.", "Salinas Drive\nCebu City 6000",
)  # fmt: skip
NORDSVAR = _vendor(
    "Nordsvar", "SE", "Europe/Stockholm", "EUR", "Elin Sandström", "nordsvar",
    "Nordsvar AB", "Kungsgatan 41\n903 25 Umeå",
)  # fmt: skip
HUAYIN = _vendor(
    "华音客户服务 Huayin Care", "CN", "Asia/Shanghai", "TWD", "赵明轩", "huayin",
    "华音客户服务有限公司", "成都市高新区天府大道 500 号",
)  # fmt: skip
TORIKO = _vendor(
    "Toriko Desk", "JP", "Asia/Tokyo", "EUR", "Sakura Minami", "toriko",
    "Toriko Desk K.K.", "2-8 Chuo\nSapporo 060-0042",
)  # fmt: skip
VENDORS = (KESTRELWAY, LINGHE, VELLARO, OSTERMERE, BAYLARK, NORDSVAR, HUAYIN, TORIKO)

STAFF = (
    (Player("Dana Okafor", "staff@demo.test"), ("moderator", "finance", "support")),
    (Player("Henrik Moss", "staff2@demo.test"), ("finance",)),
)
