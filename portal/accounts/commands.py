"""The shell commands of accounts: who belongs to the platform's staff. They run as the owner of the database."""

import secrets

import click
from flask import current_app
from flask.cli import AppGroup, with_appcontext
from sqlalchemy import Connection, text

from portal.accounts import passwords
from portal.accounts.permissions import StaffRole
from portal.accounts.sessions import email_key
from portal.kit.db import owner_engine
from portal.kit.ids import new_id, new_token, token_hash
from portal.kit.text import clean_line

LINK_LASTS = "1 day"

staff_group = AppGroup("staff", help="Who belongs to the platform's staff.")


@staff_group.command("add")
@click.argument("email")
@click.option("--name", default="", help="The person's name, where they have no account yet.")
@click.option(
    "--role",
    "roles",
    multiple=True,
    type=click.Choice([role.value for role in StaffRole]),
    default=[StaffRole.MODERATOR.value],
    show_default=True,
    help="May be given several times.",
)
@with_appcontext
def add(email: str, name: str, roles: tuple[str, ...]) -> None:
    """Give a person staff roles; without an account they get one, and a link to set its password is printed."""
    if "@" not in email:
        raise click.BadParameter("Give an e-mail address.", param_hint="EMAIL")
    engine = owner_engine()
    with engine.begin() as connection:
        person_id = _find(connection, email)
        link = None
        if person_id is None:
            person_id = _create(connection, email, clean_line(name) or email.partition("@")[0])
            link = _reset_link(connection, person_id)
        for role in roles:
            connection.execute(
                text("INSERT INTO staff_memberships (person_id, role) VALUES (:person, :role) ON CONFLICT DO NOTHING"),
                {"person": person_id, "role": role},
            )
        _note(connection, "accounts:staff:add", person_id, ", ".join(roles))
    engine.dispose()
    click.echo(f"{email} is staff: {', '.join(roles)}.")
    if link:
        click.echo(f"Set the password within {LINK_LASTS}: {link}")


@staff_group.command("remove")
@click.argument("email")
@with_appcontext
def remove(email: str) -> None:
    """Take all staff roles from a person and end their sessions."""
    engine = owner_engine()
    with engine.begin() as connection:
        person_id = _find(connection, email)
        if person_id is None:
            raise click.ClickException(f"Nobody has the address {email}.")
        connection.execute(text("DELETE FROM staff_memberships WHERE person_id = :person"), {"person": person_id})
        connection.execute(
            text("UPDATE sessions SET ended_at = portal_now() WHERE person_id = :person AND ended_at IS NULL"),
            {"person": person_id},
        )
        _note(connection, "accounts:staff:remove", person_id, "")
    engine.dispose()
    click.echo(f"{email} is no longer staff.")


def _find(connection: Connection, email: str) -> str | None:
    row = connection.execute(
        text("SELECT id FROM people WHERE email_key = :key"), {"key": email_key(email)}
    ).one_or_none()
    return str(row.id) if row else None


def _create(connection: Connection, email: str, name: str) -> str:
    """A confirmed person with a password that nobody knows."""
    person_id = str(new_id())
    connection.execute(
        text(
            "INSERT INTO people (id, email, email_key, name, locale, timezone, confirmed_at)"
            " VALUES (:id, :email, :key, :name, 'en', 'UTC', portal_now())"
        ),
        {"id": person_id, "email": email.strip(), "key": email_key(email), "name": name},
    )
    connection.execute(
        text("INSERT INTO credentials (person_id, password_hash, changed_at) VALUES (:id, :hash, portal_now())"),
        {"id": person_id, "hash": passwords.hashed(secrets.token_urlsafe(32))},
    )
    return person_id


def _reset_link(connection: Connection, person_id: str) -> str:
    token = new_token()
    connection.execute(
        text(
            "INSERT INTO links (token_hash, purpose, person_id, expires_at)"
            " VALUES (:hash, 'reset', :person, portal_now() + cast(:lasts AS interval))"
        ),
        {"hash": token_hash(token), "person": person_id, "lasts": LINK_LASTS},
    )
    return f"{current_app.config['PORTAL'].base_url}/reset/{token}"


def _note(connection: Connection, tag: str, person_id: str, roles: str) -> None:
    """The audit log names the shell, since nobody has signed in."""
    connection.execute(
        text(
            "INSERT INTO audit_entries (id, person_name, tag, subject_kind, subject_id, after, sealed)"
            " VALUES (:id, 'flask staff', :tag, 'people', :person, jsonb_build_object('roles', cast(:roles AS text)),"
            " false)"
        ),
        {"id": new_id(), "tag": tag, "person": person_id, "roles": roles},
    )


COMMANDS = (staff_group,)
