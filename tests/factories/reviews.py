"""Review windows that opened by the clock, and reviews written by the real verbs."""

from typing import Any

from portal.accounts.actor import Actor
from portal.reviews import actions, queries
from portal.reviews.models import Review
from portal.reviews.rating import WEIGHTS
from tests.factories import selection
from tests.factories.agreements import Deal, make_live, within
from tests.factories.memory import remembered

WORDS = "They answered nearly every call within the target and told us early when they could not."


@remembered
def make_open(**changes: Any) -> Deal:
    """An agreement that went live 90 days ago: both sides are invited."""
    deal = make_live(**changes)
    selection.wait(90)
    return deal


def written(review: Review, mark: int = 4, **changes: Any) -> dict[str, Any]:
    """What a person fills in: the same mark for everything."""
    values = {
        "scores": dict.fromkeys(WEIGHTS[review.side], mark),
        "recommends": mark > 2,
        "text": WORDS,
        "is_anonymous": False,
        "version": review.version,
    }
    return values | changes


def write(actor: Actor, deal: Deal, mark: int = 4, **changes: Any) -> Review:
    """Write, or change, the review of the actor's side in the latest window."""

    def act(agreement: Any) -> Review:
        review = queries.waiting_for(actor, queries.windows_of(agreement)[0])
        assert review is not None
        return actions.write_review(actor, agreement, review, **written(review, mark, **changes))

    return within(actor, deal, act)


def answer(
    actor: Actor, deal: Deal, text: str = "Thank you. We have hired two more people for the mornings."
) -> Review:
    """Answer the published review about the actor's company."""

    def act(agreement: Any) -> Review:
        review = next(r for r in queries.reviews_of(actor, agreement) if r.author_side != actor.company_kind)
        return actions.answer_review(actor, agreement, review, text=text, version=review.version)

    return within(actor, deal, act)


def seen(actor: Actor, deal: Deal) -> dict[str, str]:
    """The states of the reviews the actor can see, by author's side."""
    return within(actor, deal, lambda agreement: {r.author_side: r.state for r in queries.reviews_of(actor, agreement)})


def run_out(days: int = 32) -> None:
    """Let the window pass."""
    selection.wait(days)
