"""The one place that puts the parts together: `create_app`. Flask and granian find it by themselves."""

import os
import sys
from importlib import import_module
from pathlib import Path
from types import ModuleType

from flask import Flask
from flask_babel import Babel
from flask_bootstrap import Bootstrap5
from flask_wtf import CSRFProtect
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.middleware.proxy_fix import ProxyFix

from blueprints import account, admin, api, buyer, hooks, public, vendor, workspace
from blueprints.shared import context, edge, emails, errors, headers, limits, logs, translation
from blueprints.shared.actor import login_manager
from blueprints.shared.look import init_look
from config import ConfigError, Settings
from portal.accounts import safety
from portal.kit import public_reads
from portal.kit.db import db

AUDIENCES = (public, account, buyer, vendor, workspace, admin, api, hooks)
CAPABILITIES = (
    "kit",
    "accounts",
    "messaging",
    "help",
    "measures",
    "pricing",
    "catalog",
    "signing",
    "needs",
    "selection",
    "billing",
    "agreements",
    "implementation",
    "monitoring",
    "reviews",
    "moderation",
    "demo",
)
# What a capability may bring; each is imported where it exists.
PARTS = ("models", "notices", "jobs", "reactions", "commands", "calculators")


def create_app(settings: Settings | None = None) -> Flask:
    """The portal as one WSGI application, configured by `settings` or else by the environment.

    Raises ConfigError when the environment does not describe a portal that may start.
    """
    settings = settings or Settings.from_environment(os.environ)
    app = edge.Portal(
        "switchboard", template_folder="templates", static_folder="static", root_path=str(Path(__file__).parent)
    )
    app.config.update(settings.as_flask_config())
    if settings.proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=settings.proxies, x_proto=settings.proxies)  # type: ignore[method-assign]
    # In this order: whatever refuses a request (a missing token, a limit) does so on a page that knows its reader.
    logs.install(app)
    edge.install(app)
    _install_libraries(app)
    _install_portal(app)
    headers.install(app)
    errors.install(app)
    context.install(app)
    for audience in AUDIENCES:
        audience.register(app)
    if settings.is_production:
        _refuse_the_unsafe(app)
    return app


def _refuse_the_unsafe(app: Flask) -> None:
    """Raise ConfigError where the database of a production portal has a moved clock or demo accounts.

    A database that cannot be asked serves nobody either; /readyz asks again, so that nothing slips in meanwhile.
    """
    with app.app_context():
        try:
            faults = safety.faults()
        except SQLAlchemyError:
            app.logger.warning("the database does not answer yet: its clock and accounts are checked by /readyz")
            return
        finally:
            for engine in db.engines.values():  # the server makes its processes later; they open their own
                engine.dispose()
    if faults:
        raise ConfigError(faults)


def _install_libraries(app: Flask) -> None:
    settings: Settings = app.config["PORTAL"]
    public = public_reads.engine_options(settings.database_url, settings.engine_options())
    app.config["SQLALCHEMY_BINDS"] = {public_reads.BIND: public}
    db.init_app(app)
    # Only who migrates has imported it: web processes are spared its eleven megabytes.
    if flask_migrate := sys.modules.get("flask_migrate"):
        flask_migrate.Migrate(app, db)
    CSRFProtect(app)
    babel = Babel(app, locale_selector=context.select_locale, timezone_selector=context.select_timezone)
    translation.install(app, babel)
    Bootstrap5(app)
    # Templates show `actor`; a context processor would look the person up on error pages too, where no scope is set.
    login_manager.init_app(app, add_context_processor=False)
    limits.install(app)
    init_look(app)
    emails.install(app)


def _install_portal(app: Flask) -> None:
    """Import every capability's tables, jobs and reactions, and add its commands to the shell."""
    for capability in CAPABILITIES:
        for part in PARTS:
            module = _import_if_there(f"portal.{capability}.{part}")
            if part == "commands" and module is not None:
                for command in getattr(module, "COMMANDS", ()):
                    app.cli.add_command(command)


def _import_if_there(name: str) -> ModuleType | None:
    try:
        return import_module(name)
    except ModuleNotFoundError as error:
        if error.name is None or not name.startswith(error.name):
            raise
        return None
