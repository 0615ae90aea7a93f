"""Settings of the portal, read once from the environment.

``Settings.from_environment`` is the only place that reads environment variables. It refuses, with one sentence per
fault, whatever would make an installation unsafe; two refusals need the database and are made by ``create_app``: a
clock offset and demo accounts in production.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from portal.kit.embedded import address

ROOT = Path(__file__).resolve().parent
DEVELOPMENT, PRODUCTION = "development", "production"
SECRET_LENGTH = 32
KNOWN_SECRETS = ("change", "default", "development", "example", "secret", "switchboard", "test")  # as beginnings
MEBIBYTE = 1024 * 1024


class ConfigError(Exception):
    """The environment does not describe a portal that may start; ``faults`` has one sentence for each reason."""

    def __init__(self, faults: list[str]) -> None:
        self.faults = faults
        super().__init__("\n".join(faults))


@dataclass(frozen=True)
class Settings:
    """What an installation decides. Addresses are URLs; nothing here is read from the database."""

    secret_key: str = field(repr=False)
    database_url: str = field(repr=False)
    """Logs in as ``portal_app``."""
    database_owner_url: str | None = field(default=None, repr=False)
    """Logs in as ``portal_owner``; only migrations need it."""
    database_backup_url: str | None = field(default=None, repr=False)
    """Logs in as ``portal_backup``; only backups need it."""
    env: str = DEVELOPMENT
    data_dir: Path = ROOT / "instance"
    port: int = 8000
    base_url: str = "http://127.0.0.1:8000"
    """How people reach the portal; links in mails begin with it. Without a slash at the end."""
    web_workers: int = 2
    web_threads: int = 4
    """Per web process, and so the size of its connection pool."""
    proxies: int = 0
    """How many proxies in front of us set X-Forwarded-For and its like."""
    smtp_url: str | None = field(default=None, repr=False)
    """``smtp://user:password@host:587`` or ``smtps://…``; without it, development keeps mails unsent."""
    mail_from: str = "Switchboard <no-reply@localhost>"
    files_url: str | None = None
    """``s3://bucket/prefix`` or ``file:///…``; without it, a folder of the data directory."""
    limiter_url: str = "memory://"
    """Where counts for rate limits are kept: ``redis://…`` once there are several web processes."""
    metrics_token: str | None = field(default=None, repr=False)
    font_path: str | None = None
    bank_account: str | None = None
    """The account that buyers transfer to, as it is printed on invoices: holder, IBAN, bank."""
    stripe_secret_key: str | None = field(default=None, repr=False)
    stripe_webhook_secret: str | None = field(default=None, repr=False)
    stripe_connect_webhook_secret: str | None = field(default=None, repr=False)
    """Where Stripe reports on connected accounts by an endpoint, and so a secret, of its own."""
    stripe_api_base: str | None = None
    """Another address than Stripe's own: a stand-in for trying out card payment."""
    testing: bool = False

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Settings:
        """Read the settings; raises ConfigError listing every fault at once."""
        return _Reader(environment).settings()

    @property
    def is_production(self) -> bool:
        """Whether real companies use this installation."""
        return self.env == PRODUCTION

    @property
    def takes_cards(self) -> bool:
        """Whether Stripe is configured; bank transfer always is."""
        return self.stripe_secret_key is not None

    @property
    def has_stripe_stand_in(self) -> bool:
        """Whether card payments go to a stand-in for Stripe on this machine."""
        return self.takes_cards and is_loopback(self.stripe_api_base)

    @property
    def payment_is_a_test(self) -> bool:
        """Whether card payments move no money, which every page then says."""
        has_test_key = (self.stripe_secret_key or "").startswith(("sk_test", "rk_test"))
        return self.takes_cards and (has_test_key or self.has_stripe_stand_in)

    def as_flask_config(self) -> dict[str, Any]:
        """The same as Flask and its extensions name it; our own settings stay whole under ``PORTAL``."""
        secure = self.base_url.startswith("https://")
        return {
            "PORTAL": self,
            "TESTING": self.testing,
            "SECRET_KEY": self.secret_key,
            "SQLALCHEMY_DATABASE_URI": self.database_url,
            "SQLALCHEMY_ENGINE_OPTIONS": self.engine_options(),
            "PREFERRED_URL_SCHEME": "https" if secure else "http",
            "SESSION_COOKIE_NAME": "__Host-session" if secure else "session",
            "SESSION_COOKIE_SECURE": secure,
            "SESSION_COOKIE_HTTPONLY": True,
            "SESSION_COOKIE_SAMESITE": "Lax",
            "PERMANENT_SESSION_LIFETIME": timedelta(days=14),
            "TRUSTED_HOSTS": [urlsplit(self.base_url).hostname, "localhost", "127.0.0.1"] if secure else None,
            "MAX_CONTENT_LENGTH": 25 * MEBIBYTE,
            "MAX_FORM_MEMORY_SIZE": 2 * MEBIBYTE,
            "SEND_FILE_MAX_AGE_DEFAULT": timedelta(days=365),  # addresses of static files carry their version
            "BOOTSTRAP_SERVE_LOCAL": True,
            "WTF_CSRF_TIME_LIMIT": None,  # a long form may stay open over lunch; the token ends with the session
            "WTF_CSRF_SSL_STRICT": secure,
            "BABEL_DEFAULT_LOCALE": "en",
            "BABEL_TRANSLATION_DIRECTORIES": str(ROOT / "translations"),
            "RATELIMIT_STORAGE_URI": self.limiter_url,
            "RATELIMIT_HEADERS_ENABLED": True,
        }

    def engine_options(self) -> dict[str, Any]:
        """A connection for each thread and none beyond: who finds none within five seconds gets 503, not a queue."""
        return {
            "pool_size": self.web_threads,
            "max_overflow": 0,
            "pool_timeout": 5,
            "pool_pre_ping": True,
            "hide_parameters": True,  # they are names and addresses, and errors end up in logs
        }

    def with_addresses(self, database_url: str, owner_url: str) -> Settings:
        """A copy that talks to another database."""
        return replace(self, database_url=database_url, database_owner_url=owner_url)


def is_loopback(url: str | None) -> bool:
    """Whether an address points at the machine itself."""
    host = urlsplit(url or "").hostname or ""
    try:
        number = ip_address(host)
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
    return number.is_loopback or number.is_unspecified


class _Reader:
    """Reads one environment and gathers what is wrong with it."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self.environment = environment
        self.faults: list[str] = []
        self.env = self.text("PORTAL_ENV") or DEVELOPMENT
        self.production = self.env == PRODUCTION

    def settings(self) -> Settings:
        if self.env not in {DEVELOPMENT, PRODUCTION}:
            self.faults.append(f"PORTAL_ENV is {self.env!r}. Set it to development or production.")
        data_dir = Path(os.path.abspath(ROOT / Path(self.text("PORTAL_DATA_DIR") or "instance").expanduser()))
        port = self.number("PORT", 8000, highest=65535)
        database_url, owner_url = self.databases(data_dir)
        values: dict[str, Any] = {
            "env": self.env,
            "data_dir": data_dir,
            "port": port,
            "database_url": database_url,
            "database_owner_url": owner_url,
            "database_backup_url": self.database("DATABASE_BACKUP_URL"),
            "base_url": self.base_url(port),
            "web_workers": self.number("PORTAL_WEB_WORKERS", 2, highest=256),
            "web_threads": self.number("PORTAL_WEB_THREADS", 4, highest=256),
            "proxies": self.number("PORTAL_PROXIES", 0, lowest=0, highest=8),
            "smtp_url": self.text("SMTP_URL"),
            "mail_from": self.text("PORTAL_MAIL_FROM") or Settings.mail_from,
            "files_url": self.text("PORTAL_FILES_URL"),
            "limiter_url": self.text("PORTAL_LIMITER_URL") or Settings.limiter_url,
            "metrics_token": self.text("PORTAL_METRICS_TOKEN"),
            "font_path": self.text("PORTAL_FONT_PATH"),
            "bank_account": self.text("PORTAL_BANK_ACCOUNT"),
            **self.stripe(),
        }
        secret = self.secret()
        if self.faults:
            raise ConfigError(self.faults)
        return Settings(secret_key=secret or development_secret(data_dir), **values)

    def text(self, name: str) -> str | None:
        """A variable without spaces around it; one that is set to nothing counts as not set."""
        return self.environment.get(name, "").strip() or None

    def number(self, name: str, default: int, *, lowest: int = 1, highest: int) -> int:
        text = self.text(name)
        if text is None:
            return default
        if not text.isdecimal() or not lowest <= int(text) <= highest:
            self.faults.append(f"{name} is {text!r}. Set it to a whole number from {lowest} to {highest}.")
            return default
        return int(text)

    def secret(self) -> str | None:
        secret = self.text("SECRET_KEY")
        if not self.production:
            return secret
        make_one = "Make one with: python -c 'import secrets; print(secrets.token_urlsafe(48))'"
        if secret is None:
            self.faults.append(f"SECRET_KEY is not set, and production does not start without. {make_one}")
        elif secret.lower().startswith(KNOWN_SECRETS) or len(set(secret)) < SECRET_LENGTH // 4:
            self.faults.append(f"SECRET_KEY is a default that anybody could guess. {make_one}")
        elif len(secret) < SECRET_LENGTH:
            self.faults.append(f"SECRET_KEY is shorter than {SECRET_LENGTH} characters. {make_one}")
        return secret

    def databases(self, data_dir: Path) -> tuple[str, str | None]:
        """Both addresses; without DATABASE_URL those of the embedded server of this data directory."""
        app, owner = self.database("DATABASE_URL"), self.database("DATABASE_OWNER_URL")
        if app is not None:
            return app, owner
        if self.production:
            self.faults.append("DATABASE_URL is not set, and production does not run on the embedded PostgreSQL.")
            return "", owner
        return address(data_dir / "postgres", "portal_app"), address(data_dir / "postgres", "portal_owner")

    def database(self, name: str) -> str | None:
        url = self.text(name)
        if url is None:
            return None
        scheme, separator, rest = url.partition("://")
        if not separator or scheme not in {"postgresql", "postgres", "postgresql+psycopg"}:
            self.faults.append(f"{name} does not begin with postgresql://. The portal runs on PostgreSQL only.")
        return f"postgresql+psycopg://{rest}"

    def base_url(self, port: int) -> str:
        url = self.text("PORTAL_BASE_URL")
        if self.production and not (url or "").startswith("https://"):
            self.faults.append("PORTAL_BASE_URL must be the https:// address that people reach the portal by.")
        elif url is not None and (urlsplit(url).scheme not in {"http", "https"} or not urlsplit(url).hostname):
            self.faults.append(f"PORTAL_BASE_URL is {url!r}. Set it to an address such as https://portal.example.")
        return (url or f"http://127.0.0.1:{port}").rstrip("/")

    def stripe(self) -> dict[str, str | None]:
        key, webhook = self.text("STRIPE_SECRET_KEY"), self.text("STRIPE_WEBHOOK_SECRET")
        base = self.text("STRIPE_API_BASE")
        if key is not None and webhook is None:
            self.faults.append(
                "STRIPE_SECRET_KEY is set but STRIPE_WEBHOOK_SECRET is empty: anybody could report payments."
            )
        if self.production and is_loopback(base):
            self.faults.append(f"STRIPE_API_BASE is {base}, this machine itself: payments would not be real.")
        return {
            "stripe_secret_key": key,
            "stripe_webhook_secret": webhook,
            "stripe_connect_webhook_secret": self.text("STRIPE_CONNECT_WEBHOOK_SECRET"),
            "stripe_api_base": base,
        }


def development_secret(data_dir: Path) -> str:
    """The secret of a development installation, made once and kept in its data directory for its user only."""
    path = data_dir / "secret_key"
    data_dir.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    with os.fdopen(handle, "w") as file:
        file.write(secrets.token_urlsafe(48))
    return path.read_text()
