"""Settings, from the environment. With none, a site on SQLite for this machine alone.

HARBORLIGHT_HOME          the folder of the site's data (see harborlight.web.home)
HARBORLIGHT_KEYS          the key file, if it lies elsewhere
HARBORLIGHT_DATABASE_URL  postgresql://user:password@host/name; else SQLite in the home
HARBORLIGHT_HOSTS         names under which the site is reached, with commas between
HARBORLIGHT_PRODUCTION    1: HTTPS alone, secure cookies, HSTS
HARBORLIGHT_PROXY         1: a proxy in front says by X-Forwarded-Proto whether it was HTTPS
HARBORLIGHT_DEMO          1: made-up people, a banner, and a door for each role
HARBORLIGHT_MAIL_URL      smtp://user:password@host:port; else mails are files in the home
HARBORLIGHT_MAIL_FROM     the sender's address
HARBORLIGHT_OIDC_URL      an OpenID Connect issuer for single sign-on; with _CLIENT, _SECRET, _NAME
HARBORLIGHT_OIDC_AUTH     client_secret_basic or client_secret_post, if the issuer does not say
HARBORLIGHT_LEADS_KEEP_DAYS       days that a lead is kept which nobody promoted; 365
HARBORLIGHT_LEADS_DISMISSED_DAYS  days that a dismissed lead is kept; 90
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import harborlight_assets
from csp.constants import NONE, SELF
from django.conf.locale import LANG_INFO
from django.utils.translation import gettext_lazy as _

from harborlight.web.crypto.current import keys
from harborlight.web.crypto.keyring import KeyringError
from harborlight.web.home import home

HERE = Path(__file__).resolve().parent
HOME = home()
PRODUCTION = os.environ.get("HARBORLIGHT_PRODUCTION") == "1"
DEMO = os.environ.get("HARBORLIGHT_DEMO") == "1"
DEBUG = False

try:
    SECRET_KEY = keys().django
except KeyringError:
    # Commands that need no data (help, checks of types) run without keys; nothing is signed or
    # sealed with this one that outlives the process.
    SECRET_KEY = secrets.token_urlsafe(48)

_hosts = [name.strip() for name in os.environ.get("HARBORLIGHT_HOSTS", "").split(",")]
ALLOWED_HOSTS = [name for name in _hosts if name] or ["localhost", "127.0.0.1", "[::1]"]
CSRF_TRUSTED_ORIGINS = [f"https://{name}" for name in ALLOWED_HOSTS if PRODUCTION]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "csp",
    "django_htmx",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
    "axes",
    "harborlight.web.frame",
    "harborlight.web.audit",
    "harborlight.web.vault",
    "harborlight.web.accounts",
    "harborlight.web.notices",
    "harborlight.web.intake",
    "harborlight.web.leads",
    "harborlight.web.directory",
    "harborlight.web.training",
    "harborlight.web.crew",
    "harborlight.web.cases",
    "harborlight.web.referral",
    "harborlight.web.protection",
    "harborlight.web.operations",
    "harborlight.web.prosecution",
    "harborlight.web.fund",
    "harborlight.web.records",
    "harborlight.web.exchange",
    "harborlight.web.desk",
]

MIDDLEWARE = [
    "harborlight.web.frame.middleware.HeadersMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "harborlight.web.frame.middleware.OriginMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "harborlight.web.accounts.middleware.MemberMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "harborlight.web.urls"
WSGI_APPLICATION = "harborlight.web.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        # Before allauth's own, which they replace.
        "DIRS": [str(HERE / "accounts" / "templates")],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "harborlight.web.frame.context.frame",
            ],
        },
    }
]


def _database(url: str) -> dict[str, Any]:
    """The connection of HARBORLIGHT_DATABASE_URL, or SQLite in the home."""
    if not url:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": str(HOME.database),
            "OPTIONS": {
                # A transaction takes the write lock when it begins, so that none fails half-way;
                # what was acknowledged is on disk; what was deleted is overwritten.
                "transaction_mode": "IMMEDIATE",
                "timeout": 30,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; "
                "PRAGMA secure_delete=ON;",
            },
        }
    parts = urlsplit(url)
    if parts.scheme not in ("postgres", "postgresql"):
        raise ValueError("HARBORLIGHT_DATABASE_URL must begin with postgresql://")
    query = dict(pair.split("=", 1) for pair in parts.query.split("&") if "=" in pair)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(query.get("host", parts.hostname or "")),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }


DATABASES = {"default": _database(os.environ.get("HARBORLIGHT_DATABASE_URL", ""))}
# One for all processes: a code of a second factor that was used in one is used in every one, and so
# are the limits of logging in. `prepare.migrate` makes its table.
CACHES = {
    "default": {
        "BACKEND": "harborlight.web.accounts.used_codes.SharedCache",
        "LOCATION": "used_codes_and_limits",
        "KEY_FUNCTION": "harborlight.web.crypto.cache_keys.hidden",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}

# -- people ----------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "desk:home"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_ADAPTER = "harborlight.web.accounts.adapters.AccountAdapter"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
MFA_ADAPTER = "harborlight.web.accounts.adapters.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_FORMS = {
    "add_webauthn": "harborlight.web.accounts.forms.AddPasskeyForm",
    "edit_webauthn": "harborlight.web.accounts.forms.RenamePasskeyForm",
}
MFA_TOTP_ISSUER = "Harborlight"
MFA_TOTP_TOLERANCE = 1
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not PRODUCTION  # http://localhost

# A wrong password counts against the address it came from and the name together, so that a
# stranger cannot lock somebody out; the rate for a name alone is slow, and a passkey still opens.
AXES_FAILURE_LIMIT = 8
AXES_COOLOFF_TIME = 0.5  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_TEMPLATE = "accounts/locked.html"
AXES_USERNAME_CALLABLE = "harborlight.web.accounts.adapters.name_tried"
AXES_CLIENT_IP_CALLABLE = "harborlight.web.accounts.adapters.address_of"
AXES_RESET_ON_SUCCESS = True
AXES_DISABLE_ACCESS_LOG = True
AXES_VERBOSE = False
ACCOUNT_RATE_LIMITS = {"login_failed": "30/m/ip,30/h/key"}

# Single sign-on by OpenID Connect, when it is configured: it lets in who was invited, by their
# verified address, and they give their second factor here.
SOCIALACCOUNT_ADAPTER = "harborlight.web.accounts.adapters.SocialAdapter"
SOCIALACCOUNT_EMAIL_AUTHENTICATION = True
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
SOCIALACCOUNT_STORE_TOKENS = False
OIDC_URL = os.environ.get("HARBORLIGHT_OIDC_URL", "")
OIDC_ORIGIN = "://".join(urlsplit(OIDC_URL)[:2]) if OIDC_URL else ""
SOCIALACCOUNT_PROVIDERS: dict[str, Any] = {}
if OIDC_URL:
    SOCIALACCOUNT_PROVIDERS["openid_connect"] = {
        "OAUTH_PKCE_ENABLED": True,
        "APPS": [
            {
                "provider_id": "agency",
                "name": os.environ.get("HARBORLIGHT_OIDC_NAME", "OpenID Connect"),
                "client_id": os.environ.get("HARBORLIGHT_OIDC_CLIENT", ""),
                "secret": os.environ.get("HARBORLIGHT_OIDC_SECRET", ""),
                "settings": {
                    "server_url": OIDC_URL,
                    "token_auth_method": os.environ.get("HARBORLIGHT_OIDC_AUTH", ""),
                },
            }
        ],
    }

SESSION_COOKIE_NAME = "harborlight"
SESSION_COOKIE_AGE = 60 * 60  # ends an hour after the last page
HARBORLIGHT_SESSION_AT_MOST = 12 * 60 * 60  # and twelve hours after it began
SESSION_SAVE_EVERY_REQUEST = True
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = PRODUCTION
CSRF_COOKIE_SECURE = PRODUCTION
CSRF_COOKIE_HTTPONLY = True

# -- headers ---------------------------------------------------------------------------------------
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "no-referrer"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = PRODUCTION
SECURE_HSTS_SECONDS = 60 * 60 * 24 * 365 if PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = PRODUCTION
SECURE_HSTS_PRELOAD = PRODUCTION
SECURE_PROXY_SSL_HEADER: tuple[str, str] | None = None
if os.environ.get("HARBORLIGHT_PROXY") == "1":
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "worker-src": [SELF],
        # A form that leads to the single sign-on is followed to where that is.
        "form-action": [SELF, *([OIDC_ORIGIN] if OIDC_ORIGIN else [])],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}

# -- languages -------------------------------------------------------------------------------------
LANGUAGE_CODE = "en"
#: Those that are complete. Hmong (hmn) and Somali (so) need a catalogue in each app, and a line
#: here. What Django does not know of a language, its name in itself above all, stands below.
LANGUAGES = [("en", _("English")), ("es", _("Spanish"))]
LANG_INFO.update(
    hmn={"bidi": False, "code": "hmn", "name": "Hmong", "name_local": "Hmoob"},
    so={"bidi": False, "code": "so", "name": "Somali", "name_local": "Soomaali"},
)
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SECURE = PRODUCTION
USE_I18N = True
USE_TZ = True
TIME_ZONE = "America/Chicago"

# -- files -----------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = str(HOME.static)
STATICFILES_DIRS = [str(harborlight_assets.STATIC)]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
#: An upload is held in memory until it is sealed: nothing readable reaches the disk.
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]
FILE_UPLOAD_MAX_MEMORY_SIZE = 25 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

# -- the rest --------------------------------------------------------------------------------------
#: Where "Leave this page now" goes: a page that anybody might be reading.
QUICK_EXIT_TO = os.environ.get("HARBORLIGHT_QUICK_EXIT_TO", "https://www.weather.gov/")
LEADS_KEEP_DAYS = int(os.environ.get("HARBORLIGHT_LEADS_KEEP_DAYS", "365"))
LEADS_DISMISSED_DAYS = int(os.environ.get("HARBORLIGHT_LEADS_DISMISSED_DAYS", "90"))
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
DEFAULT_FROM_EMAIL = os.environ.get("HARBORLIGHT_MAIL_FROM", "harborlight@localhost")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "harborlight.web.frame.logs.LineFormatter",
            "format": "%(levelname)s %(name)s %(message)s",
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}

_mail = urlsplit(os.environ.get("HARBORLIGHT_MAIL_URL", ""))
if _mail.scheme in ("smtp", "smtps"):
    EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    EMAIL_HOST = _mail.hostname or "localhost"
    EMAIL_PORT = _mail.port or (465 if _mail.scheme == "smtps" else 587)
    EMAIL_HOST_USER = unquote(_mail.username or "")
    EMAIL_HOST_PASSWORD = unquote(_mail.password or "")
    EMAIL_USE_SSL = _mail.scheme == "smtps"
    EMAIL_USE_TLS = _mail.scheme == "smtp" and bool(_mail.username)
else:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = str(HOME.folder / "mail")
