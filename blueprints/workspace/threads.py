"""Messages between the two parties of an agreement."""

import uuid

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from blueprints.shared.actor import require_actor
from blueprints.shared.forms import done, form_page, submitted
from blueprints.shared.pages import after_id
from blueprints.shared.routes import Routes, needs
from blueprints.workspace.forms.threads import MessagePostForm
from portal.accounts.actor import Actor
from portal.accounts.permissions import Permission
from portal.accounts.queries import names_of
from portal.agreements.queries import agreement_for
from portal.messaging import queries, threads
from portal.messaging.models import Thread, ThreadSubject

routes = Routes()


@routes.get("/messages")
@needs(Permission.AGREEMENT_VIEW)
def list_threads() -> str:
    """The company's threads, the latest first."""
    actor = require_actor()
    found = queries.threads_for(actor)
    names = names_of([thread.partner_of(actor.company_id) for thread in found])
    return render_template("workspace/threads/list.html", threads=found, names=names)


@routes.form("/messages/<uuid:thread_id>")
@needs(Permission.AGREEMENT_VIEW)
def show_thread(thread_id: uuid.UUID) -> Response | tuple[str, int]:
    """One thread: what was written, and the form for writing more."""
    actor = require_actor()
    thread = queries.thread_for(actor, thread_id)
    form = MessagePostForm()
    if submitted(form, lambda: threads.post(actor, thread, body=form.body.data)):
        done(_("Your message is sent."))
        return redirect(url_for("workspace.show_thread", thread_id=thread.id))
    return _page(actor, thread, form)


@routes.form("/agreements/<uuid:agreement_id>/messages")
@needs(Permission.AGREEMENT_VIEW)
def open_thread(agreement_id: uuid.UUID) -> Response | tuple[str, int]:
    """An agreement's thread; where there is none yet, the first message begins it."""
    actor = require_actor()
    agreement = agreement_for(actor, agreement_id)
    thread = queries.thread_about(actor, ThreadSubject.AGREEMENT, agreement.id)
    if thread is not None:
        return redirect(url_for("workspace.show_thread", thread_id=thread.id))
    parties = (ThreadSubject.AGREEMENT, agreement.id, agreement.buyer_id, agreement.vendor_id, agreement.title)
    form = MessagePostForm()
    message = submitted(form, lambda: threads.post(actor, threads.thread_for(actor, *parties), body=form.body.data))
    if message is not None:
        done(_("Your message is sent."))
        return redirect(url_for("workspace.show_thread", thread_id=message.thread_id))
    names = ("subject_kind", "subject_id", "buyer_id", "vendor_id", "title")
    return _page(actor, Thread(**dict(zip(names, parties, strict=True))), form)


def _page(actor: Actor, thread: Thread, form: MessagePostForm) -> tuple[str, int]:
    """The page of a thread; one that nobody has begun has no messages."""
    before = after_id(request.args.get("after"))
    found = queries.messages_of(actor, thread, before=before) if thread.id else []
    shown = found[: queries.PAGE]
    return form_page(
        "workspace/threads/show.html",
        form,
        thread=thread,
        messages=shown[::-1],
        earlier=shown[-1].id if len(found) > queries.PAGE else None,
        names=names_of([thread.buyer_id, thread.vendor_id]),
        partner_id=thread.partner_of(actor.company_id),
        may_write=actor.can(Permission.MESSAGE_SEND),
    )
