"""Reviews of both parties: what is due, what is published, writing one and answering one."""

import uuid
from typing import Any

from flask import redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from blueprints.public.sections import Section, profile_section
from blueprints.shared.actor import require_actor
from blueprints.shared.choices import country_name
from blueprints.shared.dashboards import Card, Item, dashboard_card
from blueprints.shared.formatting import datetime_zoned
from blueprints.shared.forms import done, form_page, submitted
from blueprints.shared.routes import Routes, needs
from blueprints.workspace.forms.reviews import ReviewAnswerForm, form_for
from blueprints.workspace.frame import agreement_frame
from portal.accounts import queries as accounts
from portal.accounts.actor import Actor
from portal.accounts.permissions import Permission
from portal.agreements import queries as agreements
from portal.reviews import actions, queries
from portal.reviews.actions.write import can_answer
from portal.reviews.distribution import distribution_of
from portal.reviews.rating import Side
from portal.reviews.states import ReviewState
from portal.reviews.words import CRITERION_NAMES, REASON_NAMES, SIDE_TITLES

routes = Routes()

CARD_LENGTH = 5


@routes.get("/reviews")
@needs(Permission.AGREEMENT_VIEW)
def list_reviews() -> str:
    """Reviews that are due, that the company wrote, and that are about it."""
    actor = require_actor()
    reviews = queries.reviews_for(actor)
    titles = {agreement.id: agreement for agreement in agreements.agreements_for(actor)}
    names = accounts.names_of(list({company for r in reviews for company in (r.author_id, r.subject_id)}))
    return render_template(
        "workspace/reviews/list.html",
        due=queries.due_for(actor),
        ours=[r for r in reviews if r.author_side == actor.company_kind and r.state != ReviewState.INVITED],
        about_us=[r for r in reviews if r.author_side != actor.company_kind],
        agreements=titles,
        names=names,
        answerable={r.id for r in reviews if can_answer(actor, r)},
    )


@routes.get("/agreements/<uuid:agreement_id>/reviews")
@needs(Permission.AGREEMENT_VIEW)
def show_reviews(agreement_id: uuid.UUID) -> str:
    """The windows of one agreement with the reviews in them."""
    actor = require_actor()
    agreement = agreements.agreement_for(actor, agreement_id)
    reviews = queries.reviews_of(actor, agreement)
    return render_template(
        "workspace/reviews/show.html",
        **agreement_frame(agreement),
        windows=[
            (window, [r for r in reviews if r.window_id == window.id]) for window in queries.windows_of(agreement)
        ],
        may_write=actor.can(Permission.REVIEW_WRITE),
        is_in_both=queries.is_in_both(agreement),
        answerable={r.id for r in reviews if can_answer(actor, r)},
        criterion_names=CRITERION_NAMES,
        reason_names=REASON_NAMES,
        side_titles={side.value: SIDE_TITLES[side] for side in Side},
    )


@routes.form("/agreements/<uuid:agreement_id>/reviews/<uuid:review_id>/write")
@needs(Permission.REVIEW_WRITE)
def write_review(agreement_id: uuid.UUID, review_id: uuid.UUID) -> Any:
    """Write the company's review, or change it while nobody else has seen it."""
    actor = require_actor()
    agreement = agreements.agreement_for(actor, agreement_id)
    review = queries.own_review_for(actor, agreement, review_id)
    form = form_for(review)

    def action() -> Any:
        return actions.write_review(
            actor,
            agreement,
            review,
            scores=form.scores(),
            recommends=form.recommends.data == "yes",
            text=form.text.data,
            is_anonymous=form.is_anonymous.data,
            version=form.version.data,
        )

    if written := submitted(form, action):
        if written.is_published:
            done(_("Both sides have written, so both reviews are published now."))
        else:
            done(_("Saved. Nobody but your company sees it until the other side has written or the window is over."))
        return redirect(url_for("workspace.show_reviews", agreement_id=agreement.id))
    frame = agreement_frame(agreement)
    subject = frame["names"][review.subject_id]
    return form_page(
        "workspace/reviews/write.html",
        form,
        **frame,
        review=review,
        window=queries.window_of(review),
        subject=subject,
        is_in_both=queries.is_in_both(agreement),
    )


@routes.form("/agreements/<uuid:agreement_id>/reviews/<uuid:review_id>/answer")
@needs(Permission.REVIEW_WRITE)
def answer_review(agreement_id: uuid.UUID, review_id: uuid.UUID) -> Any:
    """Answer a review about the company, once and publicly."""
    actor = require_actor()
    agreement = agreements.agreement_for(actor, agreement_id)
    review = queries.review_for(actor, agreement, review_id)
    form = ReviewAnswerForm(data={"version": review.version})

    def action() -> Any:
        return actions.answer_review(actor, agreement, review, text=form.text.data, version=form.version.data)

    if submitted(form, action):
        done(_("Your answer stands under the review now."))
        return redirect(url_for("workspace.show_reviews", agreement_id=agreement.id))
    return form_page(
        "workspace/reviews/answer.html",
        form,
        **agreement_frame(agreement),
        review=review,
        criterion_names=CRITERION_NAMES,
        may_answer=can_answer(actor, review),
    )


@dashboard_card("buyer", "vendor", position=30)
def reviews_card(actor: Actor) -> Card | None:
    """The reviews that the company has yet to write."""
    due = queries.due_for(actor) if actor.can(Permission.REVIEW_WRITE) else []
    if not due:
        return None
    items = [
        Item(
            title,
            url=url_for("workspace.write_review", agreement_id=review.agreement_id, review_id=review.id),
            note=_("until %(time)s", time=datetime_zoned(window.closes_at, short=True)),
        )
        for review, window, title in due[:CARD_LENGTH]
    ]
    return Card(_l("Reviews to write"), items=items, url=url_for("workspace.list_reviews"), link=_l("All reviews"))


@profile_section
def published_reviews(vendor_id: uuid.UUID) -> Section | None:
    """What buyers say of a vendor, on its public page."""
    reviews = queries.published_about(vendor_id)
    if not reviews:
        return None
    values = {
        "reviews": reviews,
        "shares": distribution_of(reviews),
        "criterion_names": CRITERION_NAMES,
        "countries": {review.country: country_name(review.country) for review in reviews},
    }
    return Section("public/vendors/parts/reviews.html", values)
