"""States of a question, and what it is about."""

from enum import StrEnum


class HelpState(StrEnum):
    """A question is written, and read by everybody once it is published."""

    DRAFT = "draft"
    PUBLISHED = "published"


HELP_MOVES = {
    HelpState.DRAFT: {HelpState.PUBLISHED},
    HelpState.PUBLISHED: {HelpState.DRAFT},
}


class Topic(StrEnum):
    """The part of the list in which a question stands."""

    OUTSOURCING = "outsourcing"
    PORTAL = "portal"


class Language(StrEnum):
    """A language that a question can be written in: those of the portal's pages."""

    EN = "en"
    ZH_HANT = "zh_Hant"
    ZH_HANS = "zh_Hans"


READ_INSTEAD = {
    Language.EN: (Language.EN, Language.ZH_HANT, Language.ZH_HANS),
    Language.ZH_HANT: (Language.ZH_HANT, Language.ZH_HANS, Language.EN),
    Language.ZH_HANS: (Language.ZH_HANS, Language.ZH_HANT, Language.EN),
}
"""What a reader gets where a text is missing: the other Chinese script before English, English before Chinese."""
