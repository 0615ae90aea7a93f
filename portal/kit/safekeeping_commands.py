"""`flask backup` and `flask restore`."""

from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from portal.kit import files
from portal.kit.backup import BackupError, reading_url, write_backup
from portal.kit.restore import restore_backup

A_FILE = click.Path(dir_okay=False, path_type=Path)


def _reading_url() -> str:
    settings = current_app.config["PORTAL"]
    return reading_url(settings.database_backup_url, settings.database_owner_url)


@click.command("backup")
@click.argument("path", type=A_FILE)
@with_appcontext
def backup(path: Path) -> None:
    """Write everything into one archive: rows, files, and a manifest with counts and hashes."""
    try:
        manifest = write_backup(_reading_url(), files.store(), path)
    except BackupError as error:
        raise click.ClickException(str(error)) from error
    click.echo(_summary(manifest) + f" are in {path}.")


@click.command("restore")
@click.argument("path", type=A_FILE)
@with_appcontext
def restore(path: Path) -> None:
    """Put an archive into an empty database and file store, and compare every count and hash."""
    from flask_migrate import upgrade

    owner_url = current_app.config["PORTAL"].database_owner_url
    folder = str(Path(current_app.root_path) / "migrations")
    try:
        manifest = restore_backup(
            owner_url, files.store(), path, lambda revision: upgrade(directory=folder, revision=revision)
        )
    except BackupError as error:
        raise click.ClickException(f"{error} Nothing of the database was changed.") from error
    click.echo(_summary(manifest) + " are restored and equal to the backup.")


def _summary(manifest: dict[str, dict[str, dict[str, int]]]) -> str:
    rows = sum(table["rows"] for table in manifest["tables"].values())
    return f"{rows:,} rows of {len(manifest['tables'])} tables and {len(manifest['files'])} files"


COMMANDS = (backup, restore)
