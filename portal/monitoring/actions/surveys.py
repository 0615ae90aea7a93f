"""The satisfaction survey: opened with the go-live, answered by whoever holds its link, ended with the agreement."""

from dataclasses import dataclass

from flask_babel import lazy_gettext as _l
from sqlalchemy import text

from portal.accounts.actor import Actor
from portal.accounts.permissions import Permission
from portal.accounts.queries import company
from portal.agreements.models import Agreement
from portal.kit import audit, clock
from portal.kit.db import db
from portal.kit.errors import Invalid, NotFound
from portal.kit.ids import new_token, token_hash
from portal.kit.states import move
from portal.kit.text import clean_text
from portal.monitoring import queries
from portal.monitoring.masking import masked
from portal.monitoring.models import Survey
from portal.monitoring.states import SURVEY_MOVES, SurveyState

MAX_COMMENT = 2_000
SCORES = range(1, 6)


@dataclass(frozen=True, slots=True)
class Asked:
    """What the holder of a survey link may know: whose service they rate, and whether it still takes answers."""

    brand: str
    is_active: bool


def open_survey(actor: Actor, agreement: Agreement) -> Survey:
    """Open the agreement's survey; asked again, the one that is there."""
    known = queries.survey_of(agreement)
    if known is not None:
        return known
    token = new_token()
    survey = Survey(
        agreement_id=agreement.id,
        buyer_id=agreement.buyer_id,
        vendor_id=agreement.vendor_id,
        brand=company(agreement.buyer_id).name,
        token=token,
        token_hash=token_hash(token),
    )
    db.session.add(survey)
    db.session.flush()
    audit.record(actor, "monitoring:survey:open", survey)
    return survey


def asked(token: str) -> Asked:
    """The survey behind a link. Raises NotFound for a link that leads nowhere."""
    row = db.session.execute(text("SELECT * FROM survey_find(:hash)"), {"hash": token_hash(token)}).one_or_none()
    if row is None:
        raise NotFound
    return Asked(row.brand, row.state == SurveyState.ACTIVE)


def answer_survey(token: str, *, score: int, comment: str, language: str) -> None:
    """Take one answer. Numbers and addresses in the comment are hidden before it is stored.

    Raises Invalid for a score that is not on the scale, and when the survey takes no more answers.
    """
    if score not in SCORES:
        raise Invalid(_l("Choose one of the five answers."), "score")
    written = clean_text(comment)
    if len(written) > MAX_COMMENT:
        raise Invalid(_l("Shorten your comment to %(n)s characters.", n=MAX_COMMENT), "comment")
    taken = db.session.execute(
        text("SELECT survey_answer(:hash, :score, :comment, :language)"),
        {"hash": token_hash(token), "score": score, "comment": masked(written), "language": language},
    ).scalar_one()
    if not taken:
        raise Invalid(_l("This survey takes no more answers. Thank you all the same."))


def end_survey(actor: Actor, agreement: Agreement) -> None:
    """Stop taking answers; those given stay."""
    actor.permit(Permission.SURVEY_MANAGE)
    survey = queries.survey_of(agreement)
    if survey is not None and survey.state == SurveyState.ACTIVE:
        move(survey, SurveyState.ENDED, SURVEY_MOVES, clock.now())
        db.session.flush()
        audit.record(actor, "monitoring:survey:end", survey)
