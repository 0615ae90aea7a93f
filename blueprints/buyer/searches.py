"""A person's saved searches: the list, saving one from the directory, its name and its e-mails."""

import uuid
from typing import Any

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from blueprints.buyer.forms.kept import SearchEditForm, SearchSaveForm
from blueprints.public.directory_filters import search_words
from blueprints.shared.actor import require_actor
from blueprints.shared.formatting import listed
from blueprints.shared.forms import done, form_page, submitted
from blueprints.shared.routes import Routes, needs
from portal.accounts.permissions import Permission
from portal.catalog.actions.searches import MAX_NAME, delete_search, edit_search, save_search, turn_mail
from portal.catalog.kept_queries import MOST_SEARCHES, search_for, searches_for
from portal.catalog.wanted import Wanted
from portal.messaging.queries import wants_mail

routes = Routes()


@routes.get("/searches")
@needs(Permission.REQUIREMENT_VIEW)
def list_searches() -> str:
    """The reader's own searches in this company. A mail about new vendors leads here to turn it off."""
    actor = require_actor()
    return render_template(
        "buyer/searches/list.html",
        searches=[(search, words_of(search.query), directory_url(search.query)) for search in searches_for(actor)],
        most=MOST_SEARCHES,
        wants_mail=wants_mail(actor),
    )


@routes.form("/searches/new")
@needs(Permission.SHORTLIST_EDIT)
def save_one() -> Any:
    """A name for the search that the address holds."""
    actor = require_actor()
    wanted = Wanted.of(request.args, dict(request.args.lists()))
    words = words_of(wanted.query)
    form = SearchSaveForm(data={"name": listed(words)[:MAX_NAME], "by_mail": True})
    saved = submitted(form, lambda: save_search(actor, wanted, name=form.name.data, by_mail=form.by_mail.data))
    if saved is not None:
        done(_("The search is saved."))
        return redirect(url_for("buyer.list_searches"))
    return form_page(
        "buyer/searches/save.html", form, words=words, back=directory_url(wanted.query), wants_mail=wants_mail(actor)
    )


@routes.form("/searches/<uuid:search_id>")
@needs(Permission.REQUIREMENT_VIEW)
def edit_one_search(search_id: uuid.UUID) -> Any:
    """Its name, and whether it brings e-mails."""
    actor = require_actor()
    search = search_for(actor, search_id)
    form = SearchEditForm(obj=search)

    def save() -> bool:
        edit_search(actor, search, name=form.name.data, by_mail=form.by_mail.data, version=form.version.data)
        return True

    if submitted(form, save):
        done(_("The search is saved."))
        return redirect(url_for("buyer.list_searches"))
    return form_page("buyer/searches/edit.html", form, search_id=search_id, words=words_of(search.query))


@routes.post("/searches/<uuid:search_id>/mail")
@needs(Permission.REQUIREMENT_VIEW)
def turn_search_mail(search_id: uuid.UUID) -> Response:
    """Turn the e-mails of one search on or off."""
    actor = require_actor()
    by_mail = request.form.get("by_mail") == "1"
    turn_mail(actor, search_for(actor, search_id), by_mail=by_mail)
    done(_("You are told of vendors that newly fit.") if by_mail else _("This search no longer brings e-mails."))
    return redirect(url_for("buyer.list_searches"))  # type: ignore[return-value]


@routes.post("/searches/<uuid:search_id>/delete")
@needs(Permission.REQUIREMENT_VIEW)
def delete_one_search(search_id: uuid.UUID) -> Response:
    """Delete one search."""
    actor = require_actor()
    delete_search(actor, search_for(actor, search_id))
    done(_("The search is deleted."))
    return redirect(url_for("buyer.list_searches"))  # type: ignore[return-value]


def words_of(query: str) -> list[str]:
    """What a stored search asks for, in words."""
    return search_words(Wanted.read(query))


def directory_url(query: str) -> str:
    """The directory with a stored search."""
    return url_for("public.list_vendors", **Wanted.read(query).values)  # type: ignore[arg-type]
