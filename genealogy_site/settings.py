"""Settings of the site, all from the environment (a `.env` file beside manage.py is read first)."""

from datetime import timedelta
from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
environ.Env.read_env(BASE_DIR / ".env")

DEBUG = env.bool("DEBUG", default=False)  # Django's: its own pages for errors, for who develops
# Made-up accounts, plain HTTP, no mail server; errors are shown as on a real site. Who develops works on one, too.
DEMONSTRATION = env.bool("DEMONSTRATION", default=DEBUG)
SECRET_KEY = env.str("SECRET_KEY", default="only-for-a-demonstration" if DEMONSTRATION else "")
if not SECRET_KEY:
    raise ImproperlyConfigured(
        "SECRET_KEY is not set. Put a long random value in the environment or in .env "
        "(“make run” writes one), or set DEMONSTRATION=1 for a demonstration."
    )
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"] if DEMONSTRATION else [])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

# --- where data lies ---------------------------------------------------------------------------
VAR_DIR = Path(env.str("VAR_DIR", default=str(BASE_DIR / "var")))
GRAPH_DIR = VAR_DIR / "graph"
VAR_DIR.mkdir(parents=True, exist_ok=True)

DATABASES = {"default": env.db("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'db.sqlite3'}")}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # IMMEDIATE: with WAL and the default DEFERRED, concurrent read-then-write transactions fail.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;PRAGMA foreign_keys=ON;"
        "PRAGMA secure_delete=ON;PRAGMA cache_size=-65536;PRAGMA temp_store=MEMORY;",
    }
else:
    DATABASES["default"]["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", default=60)
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
    # A server that says nothing at all is down: pages and workers say so, instead of waiting for minutes.
    DATABASES["default"].setdefault("OPTIONS", {}).setdefault("connect_timeout", 10)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- the application ---------------------------------------------------------------------------
INSTALLED_APPS = [
    "access.apps.BackOfficeConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "tree_queries",
    "django_celery_beat",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    "axes",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "access",
    "lineage",
    "rights",
]
MIDDLEWARE = [
    # First, so that their headers stand on every answer: static files, redirects and errors too.
    "csp.middleware.CSPMiddleware",
    "access.middleware.HeadersMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "genealogy_site.health.WithoutDatabase",
    "rights.middleware.LedgerMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "access.middleware.SessionMiddleware",
    "access.middleware.EntranceMiddleware",
    "lineage.purpose.PurposeMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "access.middleware.DraftMiddleware",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "genealogy_site.urls"
WSGI_APPLICATION = "genealogy_site.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]
# --- the interface for programs ----------------------------------------------------------------
API_RATE = env.str("API_RATE", default="600/min")  # of one account, all of its tokens together
API_LONG_RATE = env.str("API_LONG_RATE", default="60/min")  # of what is streamed whole
REST_FRAMEWORK = {
    # Named here, so that the genealogy knows nothing of accounts.
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "access.authentication.TokenAuthentication",
        "access.authentication.BrowserAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["lineage.api.gate.Readers"],
    "DEFAULT_THROTTLE_CLASSES": ["lineage.api.throttles.Rate"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "lineage.api.problems.answer",
    "URL_FORMAT_OVERRIDE": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Genealogy of models and datasets",
    "DESCRIPTION": _(
        "Reads only. Names of persons and unknown accounts are labels, re-identifiable: do not circulate."
    ),
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "PREPROCESSING_HOOKS": ["lineage.api.schema.only_ours"],
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "lineage.api.schema.complete",
    ],
    "ENUM_NAME_OVERRIDES": {
        "Kind": "lineage.api.shapes.KINDS",
        "AccountKind": "lineage.api.shapes.ACCOUNT_KINDS",
        "RunState": "lineage.api.shapes.RUN_STATES",
        "Relation": "lineage.api.shapes.RELATIONS",
        "Certainty": "lineage.api.shapes.CERTAINTIES",
    },
}

LINEAGE_PROCESSING_POLICY = "rights.policy.ProjectPolicy"

# --- accounts ----------------------------------------------------------------------------------
AUTH_USER_MODEL = "access.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "start"
LOGOUT_REDIRECT_URL = "login"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 15}},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "access.passwords.GuessablePasswordValidator"},
]
PASSWORD_RESET_TIMEOUT = 48 * 3600  # seconds: how long a set-up link is good for
SECOND_FACTOR_REQUIRED = not DEMONSTRATION or env.bool("SECOND_FACTOR_REQUIRED", default=False)
OTP_TOTP_ISSUER = "Genealogy"
MASKING_KEY = env.str("MASKING_KEY", default="") or SECRET_KEY

SESSION_ENGINE = "access.sessions"
SESSION_COOKIE_AGE = 30 * 60  # seconds without a request
SESSION_MAX_SECONDS = 10 * 3600  # after sign-in, whatever happens
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

AXES_LOCKOUT_PARAMETERS = ["username", "ip_address"]
AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_RESET_ON_SUCCESS = False  # it would forget the failures of everybody at that address
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_LOCKOUT_TEMPLATE = "access/locked.html"
AXES_CLIENT_IP_CALLABLE = "access.lockout.client_address"
AXES_DISABLE_ACCESS_LOG = True
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False

# --- headers -----------------------------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
    }
}
BROWSER_FEATURES = (
    "accelerometer autoplay browsing-topics camera clipboard-read display-capture fullscreen geolocation gyroscope "
    "hid identity-credentials-get idle-detection local-fonts magnetometer microphone midi payment "
    "publickey-credentials-create publickey-credentials-get screen-wake-lock serial usb xr-spatial-tracking"
)
PERMISSIONS_POLICY = ", ".join(f"{feature}=()" for feature in BROWSER_FEATURES.split())
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
if not DEMONSTRATION:
    SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=True)
    SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", default=31_536_000)
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = True
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-sessionid", "__Host-csrftoken"
# Proxies in front that we trust: 0 believes no X-Forwarded-For, 1 the last address in it, and so on.
BEHIND_TLS_PROXY = env.bool("BEHIND_TLS_PROXY", default=False)
TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", default=1 if BEHIND_TLS_PROXY else 0)
if BEHIND_TLS_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# --- logs: no name from the Hub in any line ----------------------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "nameless": {
            "()": "genealogy_site.logs.NamelessFormatter",
            "format": "{asctime} {levelname} {name}: {message}",
            "style": "{",
        }
    },
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "nameless"},
        "nowhere": {"class": "logging.NullHandler"},
    },
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO")},
    "loggers": {
        "django": {"handlers": [], "level": "INFO"},
        "django.server": {"handlers": ["console"], "level": "INFO", "propagate": False},
        "axes": {"level": "WARNING"},
        "django.request": {"level": "ERROR"},  # an address nobody has may be a name somebody typed
        # Statements and addresses that hold names.
        **{
            name: {"handlers": ["nowhere"], "propagate": False}
            for name in ("django.db.backends", "httpx2", "httpcore2", "huggingface_hub", "urllib3")
        },
    },
}

# --- languages, time, static files -------------------------------------------------------------
LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", _("French")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = "genealogy_site.formats"
TIME_ZONE = "Europe/Paris"
STATIC_URL = "static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "assets"]
WHITENOISE_USE_FINDERS = DEMONSTRATION  # nothing needs to be collected first
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEMONSTRATION
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

# --- the Hub -----------------------------------------------------------------------------------
HF_ENDPOINT = env.str("HF_ENDPOINT", default="https://huggingface.co").rstrip("/")
HF_TOKEN = env.str("HF_TOKEN", default="")
HUB_TIMEOUT_SECONDS = env.float("HUB_TIMEOUT_SECONDS", default=30.0)
HUB_PROXY = env.str("HUB_PROXY", default="")
HUB_CA = env.str("HUB_CA", default="")
HUB_RESERVE = env.int("HUB_RESERVE", default=20)  # requests of each window that are left to others
HUB_BUDGET_KEY = "genealogy:hub-budget"  # in Redis
HUB_PAGE_SIZE = env.int("HUB_PAGE_SIZE", default=1000)
HARVEST_RETRY_SECONDS = env.float("HARVEST_RETRY_SECONDS", default=5.0)
HARVEST_STALL_SECONDS = env.float("HARVEST_STALL_SECONDS", default=180.0)
PURGE_SHARE = env.float("PURGE_SHARE", default=0.05)  # of a kind, that may be purged at once
HARVEST_PERSON_NAMES = env.bool("HARVEST_PERSON_NAMES", default=False)
PROJECT_END = env.str("PROJECT_END", default="")
PROJECT_NOTICE = env.str("PROJECT_NOTICE", default="")
RIGHTS_SECOND_APPROVAL = env.int("RIGHTS_SECOND_APPROVAL", default=1000)  # other people's artifacts below
SUPPRESSION_KEYS = Path(env.str("SUPPRESSION_KEYS", default=str(VAR_DIR / "keys" / "suppression")))
# Who our letters are from, and the .docx they are set on; a plain one without.
LETTER_SENDER = env.str("LETTER_SENDER", default="CNIL\nService de l’intelligence artificielle").replace("\\n", "\n")
LETTER_LAYOUT = env.str("LETTER_LAYOUT", default="")
CASE_KEYS = Path(env.str("CASE_KEYS", default=str(VAR_DIR / "keys" / "cases")))
# Files that come with a letter. A request that holds no more is read in memory: nothing of it reaches a disk unsealed.
ATTACHMENT_MEGABYTES = env.int("ATTACHMENT_MEGABYTES", default=10)
ATTACHMENTS_MEGABYTES = env.int("ATTACHMENTS_MEGABYTES", default=20)
ATTACHMENTS_PER_LETTER = env.int("ATTACHMENTS_PER_LETTER", default=20)
FILE_UPLOAD_MAX_MEMORY_SIZE = (2 * ATTACHMENTS_MEGABYTES + 1) * 1_000_000
EFFECTS_LEDGER = Path(env.str("EFFECTS_LEDGER", default=str(VAR_DIR / "ledger" / "effects")))
EFFECTS_LEDGER_KEY_FILE = Path(env.str("EFFECTS_LEDGER_KEY_FILE", default=str(VAR_DIR / "keys" / "ledger")))
JOURNAL_SEALS = Path(env.str("JOURNAL_SEALS", default=str(VAR_DIR / "journal" / "seals")))

# --- mail: without a server, a demonstration writes messages to its console ----------------------
EMAIL_URL = env.email_url("EMAIL_URL", default="consolemail://" if DEMONSTRATION else "smtp://localhost:25")
vars().update(EMAIL_URL)
EMAIL_TIMEOUT = 20  # seconds: a mail server that says nothing keeps no agent waiting
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.str("MAIL_FROM", default="genealogy@localhost")
# --- the public pages -----------------------------------------------------------------------------
PUBLIC_FORM = env.bool("PUBLIC_FORM", default=False)
RIGHTS_EMAIL = env.str("RIGHTS_EMAIL", default="")
SITE_URL = env.str("SITE_URL", default="").rstrip("/")
# --- alarms, health, metrics ----------------------------------------------------------------------
ALARM_MAILS = env.list("ALARM_MAILS", default=[])
ALARM_DISK_FREE = env.float("ALARM_DISK_FREE", default=0.1)  # share of the disk: an alarm below it
BACKUP_DIR = Path(place) if (place := env.str("BACKUP_DIR", default="")) else None
METRICS_ADDRESSES = env.list("METRICS_ADDRESSES", default=[])
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^metrics$"]  # asked from inside, without TLS

# --- what processes share: how often each account asked -----------------------------------------
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}
    if (REDIS_URL := env.str("REDIS_URL", default=""))
    else {"BACKEND": "django.core.cache.backends.filebased.FileBasedCache", "LOCATION": str(VAR_DIR / "cache")}
}

# --- the worker --------------------------------------------------------------------------------
BROKER_DIR = VAR_DIR / "broker"
if REDIS_URL:
    CELERY_BROKER_URL = REDIS_URL
    CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, object] = {
        "visibility_timeout": 900,
        "unacked_restore_interval": 10,  # what lost its worker is looked for every ten seconds,
        "unacked_restore_throttle": 1,  # and not every hundred
        "socket_timeout": 30,
        "socket_connect_timeout": 10,
        "health_check_interval": 15,
    }
else:
    CELERY_BROKER_URL = "filesystem://"
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(BROKER_DIR / "queue"),
        "data_folder_out": str(BROKER_DIR / "queue"),
        "control_folder": str(BROKER_DIR / "control"),
        "polling_interval": 0.2,
    }
    for folder in ("queue", "control"):
        (BROKER_DIR / folder).mkdir(parents=True, exist_ok=True)
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 60  # told to end, it finishes its page
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None  # for ever: Redis may be away for an hour
CELERY_TASK_SOFT_TIME_LIMIT = 240
CELERY_TASK_TIME_LIMIT = 300
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULER = "django_celery_beat.schedulers:DatabaseScheduler"
