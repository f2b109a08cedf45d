"""Django's settings. Everything an installation chooses comes from the environment, with a default for the demo.

HPF_DATABASE_URL           the application's database, as role hpf_app (default: the embedded demo cluster)
HPF_OWNER_DATABASE_URL     the same database as role hpf_owner: migrations and loading the law
HPF_OBSERVER_DATABASE_URL  the same database as role hpf_observer: published views across centres
HPF_SECRET_KEY             signs sessions; HPF_KEY_FILE holds the keys of personal data
"""

import importlib.util
import os
import sys
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

PROJECT = Path(__file__).resolve().parent.parent.parent
RUN = Path(os.environ.get("HPF_RUN", PROJECT / ".run"))
DEBUG = False
DEMO = os.environ.get("HPF_DEMO", "1") == "1"
HPF_DEMO_CLOCK = DEMO
ALLOWED_HOSTS = os.environ.get("HPF_HOSTS", "127.0.0.1,localhost,testserver").split(",")
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"


def _secret(name: str) -> str:
    """A secret from the environment, or one made once and kept in the run folder, readable by its owner only."""
    given = os.environ.get(name)
    if given:
        return given
    path = RUN / "keys" / name.lower()
    if not path.exists():
        import secrets

        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
                file.write(secrets.token_urlsafe(48))
        except FileExistsError:
            pass
    return path.read_text()


SECRET_KEY = _secret("HPF_SECRET_KEY")
HPF_KEY_FILE = Path(os.environ.get("HPF_KEY_FILE", RUN / "keys" / "fields.json"))
HPF_CRYPTO_SUITE = os.environ.get("HPF_CRYPTO_SUITE", "INTERNATIONAL")

MODULES = [
    "db", "parties", "policy", "access", "outbox", "ledger", "accounts", "treasury", "sharing", "contributions", "freezes",
    "transfers", "withdrawals", "statistics", "workplan", "closing", "web", "api", "jobs",
]  # fmt: skip
INSTALLED_APPS = [
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    *[f"hpf.{name}" for name in MODULES if importlib.util.find_spec(f"hpf.{name}")],
]


PREPARED: dict[str, object] = {"server_side_binding": True, "prepare_threshold": 3}
"""What is said the same way again and again is parsed once by the database and then only filled in."""


def _database(url: str) -> dict[str, object]:
    parts = urlsplit(url)
    query = parse_qs(parts.query)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.pop("host", [parts.hostname or ""])[0],
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {**PREPARED, **{key: values[0] for key, values in query.items()}},
        "DISABLE_SERVER_SIDE_CURSORS": False,
    }


def _url(role: str) -> str:
    named = {"hpf_app": "HPF_DATABASE_URL", "hpf_owner": "HPF_OWNER_DATABASE_URL", "hpf_observer": "HPF_OBSERVER_DATABASE_URL"}[role]
    given = os.environ.get(named)
    if given:
        return given
    sys.path.insert(0, str(PROJECT))
    from tools.postgres import cluster, url

    return url(cluster(os.environ.get("HPF_CLUSTER", "demo")), os.environ.get("HPF_DATABASE", "openhpf"), role)


DATABASES = {"default": _database(_url("hpf_app")), "owner": _database(_url("hpf_owner")), "observer": _database(_url("hpf_observer"))}
DATABASES["owner"]["CONN_MAX_AGE"] = 0

PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
SESSION_ENGINE = "hpf.web.sessions"
SESSION_COOKIE_AGE = 1800
SESSION_SAVE_EVERY_REQUEST = False
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "hpf.web.errors.csrf_failure"
SECURE_COOKIES = os.environ.get("HPF_HTTPS", "0") == "1"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_COOKIES
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "hpf.web.middleware.security_headers",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "hpf.web.middleware.VisitMiddleware",
]
FORM_RENDERER = "hpf.web.widgets.StraightWidgets"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]

LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
USE_I18N = True

STATIC_URL = "static/"
NODE = PROJECT / "node_modules"
STATICFILES_DIRS = [
    (prefix, str(NODE / path))
    for prefix, path in {
        "tabler": "@tabler/core/dist",
        "icons": "@tabler/icons-webfont/dist",
        "htmx": "htmx.org/dist",
        "alpine": "@alpinejs/csp/dist",
        "echarts": "echarts/dist",
    }.items()
    if (NODE / path).exists()
]
WHITENOISE_USE_FINDERS = True  # nothing is collected: assets are served from where they are installed
WHITENOISE_MAX_AGE = 3600

# A list of 10,000 lines is about a megabyte; more than this is refused before anything reads it.
DATA_UPLOAD_MAX_MEMORY_SIZE = 20 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 20 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 50_000

HPF_BANK_URL = os.environ.get("HPF_BANK_URL", "http://127.0.0.1:8901/")
HPF_BANK_KEY = os.environ.get("HPF_BANK_KEY") or _secret("HPF_BANK_KEY")
HPF_NATIONAL_URL = os.environ.get("HPF_NATIONAL_URL", "")
HPF_NATIONAL_KEY = os.environ.get("HPF_NATIONAL_KEY") or _secret("HPF_NATIONAL_KEY")
HPF_DEPARTMENTS_URL = os.environ.get("HPF_DEPARTMENTS_URL", "http://127.0.0.1:8911/")
HPF_DEPARTMENTS_KEY = os.environ.get("HPF_DEPARTMENTS_KEY") or _secret("HPF_DEPARTMENTS_KEY")
HPF_COURT_URL = os.environ.get("HPF_COURT_URL", "http://127.0.0.1:8921/")
HPF_LAW_FOLDERS = [PROJECT / "law", *([PROJECT / "demo" / "law"] if DEMO else [])]

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "hpf.jobs.logs.JsonFormatter"}} if importlib.util.find_spec("hpf.jobs.logs") else {},
    "handlers": {
        "stderr": {
            "class": "logging.StreamHandler",
            **({"formatter": "json"} if importlib.util.find_spec("hpf.jobs.logs") else {}),
        }
    },
    "root": {"handlers": ["stderr"], "level": os.environ.get("HPF_LOG_LEVEL", "WARNING")},
}
