"""Settings of Agendamonitor. What differs between machines comes from the environment (see docs/beheer.md)."""

from bootstrap_wrapper import get_bootstrap_css_dir
from csp.constants import NONE, SELF

from regio.environment import (
    BASE_DIR,
    are_hosts,
    is_address,
    is_contact,
    is_filled,
    is_folder,
    is_not_negative,
    is_port,
    is_positive,
    is_site,
    is_strong_key,
    is_supported_database,
    is_supported_mail,
    read_environment,
    require,
)

env = read_environment()

DEBUG = require(env, "bool", "DEBUG", default=False)
# A trial machine: plain http on localhost, mail into a folder, the demo accounts on the sign-in page.
DEMO = require(env, "bool", "DEMO", default=False)
# Everything that is strict about the outside world: https only, a strong key.
PRODUCTION = not (DEMO or DEBUG)
SECRET_KEY = require(env, "str", "SECRET_KEY", validate=is_strong_key if PRODUCTION else is_filled)
SECRET_KEY_FALLBACKS = require(env, "list", "SECRET_KEY_FALLBACKS", default=[])
ALLOWED_HOSTS = require(env, "list", "ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"], validate=are_hosts)
VAR_DIR = require(env, "path", "VAR_DIR", default=BASE_DIR / "var", validate=is_folder)
PORT = require(env, "int", "PORT", default=8000, validate=is_port)
# Used by gunicorn.conf.py and by gunicorn itself, which answers nonsense with a traceback.
WEB_CONCURRENCY = require(env, "int", "WEB_CONCURRENCY", default=2, validate=is_positive)

ROOT_URLCONF = "regio.urls"
WSGI_APPLICATION = "regio.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "regio",
    "agenda",
    "thuiszitters",
    "monitoring",
    "regio.apps.BeheerConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "regio.apps.StatischeBestandenConfig",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "crispy_forms",
    "crispy_bootstrap5",
    "csp",
    "django_htmx",
    "import_export",
    "simple_history",
]

MIDDLEWARE = [
    # First, so that what the others refuse bears the policy too.
    "csp.middleware.CSPMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "regio.middleware.AnswerMiddleware",
    "regio.middleware.RefuseMethodMiddleware",
    "regio.middleware.RefuseNulMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # A page is a tenth of its size on the way to a phone. Nobody can guess its secrets from that size (BREACH): Django
    # masks the CSRF token anew in each answer, and makes the length of each answer a little random.
    "django.middleware.gzip.GZipMiddleware",
    "regio.middleware.EverybodyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "regio.middleware.SessionEndMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "regio.middleware.SignInRequiredMiddleware",
    "regio.middleware.SecondStepMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
]

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
                "regio.frame.page_frame",
            ],
        },
    },
]
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"

# Databases

SQLITE_OPTIONS = {
    # Writers queue instead of failing halfway: take the write lock at BEGIN and wait for it.
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;",
}
SQLITE = f"sqlite:///{VAR_DIR / 'agendamonitor.sqlite3'}"
DATABASES = {"default": require(env, "dj_db_url", "DATABASE_URL", default=SQLITE, validate=is_supported_database)}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = SQLITE_OPTIONS
else:
    DATABASES["default"] |= {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}

# What the workers must know of each other: how often somebody tried to sign in (docs/adr/0010).
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache",
        # Few enough to count quickly, more than somebody can fill to push the counters out.
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    }
}

# Sign-in

AUTH_USER_MODEL = "regio.Gebruiker"
AUTHENTICATION_BACKENDS = ["regio.accounts.Backend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "regio.passwords.OwnPasswordValidator"},
    {"NAME": "regio.passwords.LongPasswordValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "regio.passwords.RarePasswordValidator"},
    {"NAME": "regio.passwords.WordyPasswordValidator"},
    {"NAME": "regio.passwords.ProductPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "regio.accounts.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_USER_DISPLAY = str
# The only address is Gebruiker.email, which a beheerder keeps (docs/adr/0011): allauth must make no second list.
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "django.contrib.auth.tokens.PasswordResetTokenGenerator"  # noqa: S105
MFA_ALLOW_UNVERIFIED_EMAIL = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if PRODUCTION else "http"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_FORMS = {
    "login": "regio.account_forms.SignInForm",
    "reset_password": "regio.account_forms.PasswordResetForm",
    "reset_password_from_key": "regio.account_forms.PasswordFromLinkForm",
    "change_password": "regio.account_forms.PasswordChangeForm",
    "set_password": "regio.account_forms.PasswordSetForm",
    "reauthenticate": "regio.account_forms.ConfirmForm",
}
PASSWORD_RESET_TIMEOUT = 24 * 60 * 60
# Whoever may write signs in by two steps; accounts of a trial machine have a published password anyway.
SECOND_STEP = require(env, "bool", "SECOND_STEP", default=PRODUCTION)
MFA_ADAPTER = "regio.accounts.SecondStepAdapter"
MFA_FORMS = {
    "authenticate": "regio.account_forms.CodeForm",
    "reauthenticate": "regio.account_forms.ConfirmCodeForm",
    "activate_totp": "regio.account_forms.ActivateAppForm",
    "add_webauthn": "regio.account_forms.AddPasskeyForm",
    "authenticate_webauthn": "regio.account_forms.PasskeyForm",
    "login_webauthn": "regio.account_forms.PasskeySignInForm",
    "reauthenticate_webauthn": "regio.account_forms.ConfirmPasskeyForm",
    "edit_webauthn": "regio.account_forms.RenamePasskeyForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Agendamonitor"
# A phone's clock may be half a minute off.
MFA_TOTP_TOLERANCE = 1
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not PRODUCTION
SESSION_IDLE_SECONDS = 60 * require(env, "int", "SESSION_IDLE_MINUTES", default=30, validate=is_positive)
SESSION_COOKIE_AGE = 60 * 60 * require(env, "int", "SESSION_MAX_HOURS", default=8, validate=is_positive)

# Language

LANGUAGE_CODE = "nl"
TIME_ZONE = "Europe/Amsterdam"
USE_I18N = True
USE_TZ = True

# Static files: hashed and compressed; third-party assets come from installed packages.

STATIC_URL = "static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static", ("bootstrap", get_bootstrap_css_dir())]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
# Only the hashed names are ever asked for; the others would be compressed in vain.
WHITENOISE_KEEP_ONLY_HASHED_FILES = True

# Mail

MAIL_URL = f"file:///{VAR_DIR / 'mail'}" if DEMO else "console://" if DEBUG else "smtp://localhost"
vars().update(require(env, "dj_email_url", "EMAIL_URL", default=MAIL_URL, validate=is_supported_mail))
EMAIL_TIMEOUT = 10
# Whoever waits for a page must not wait for the mail server: what it does not take now is sent later (regio/mail.py).
MAIL_TRANSPORT = vars()["EMAIL_BACKEND"]
EMAIL_BACKEND = "regio.mail.PatientBackend"
MAIL_QUEUE = VAR_DIR / "mail-wachtrij"
# Links in mail that no page sends: nobody asked for a host name then.
SITE = f"https://{ALLOWED_HOSTS[0].lstrip('.')}" if PRODUCTION else f"http://127.0.0.1:{PORT}"
SITE_URL = require(env, "str", "SITE_URL", default=SITE, validate=is_site).rstrip("/")
DEFAULT_FROM_EMAIL = require(env, "str", "DEFAULT_FROM_EMAIL", default="agendamonitor@localhost", validate=is_address)

# Security

# What a proxy says of the visitor (https, address) is believed only when somebody says that there is a proxy.
TRUSTED_PROXIES = require(env, "int", "TRUSTED_PROXIES", default=0, validate=is_not_negative)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXIES else None
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXIES
SECURE_SSL_REDIRECT = PRODUCTION
# Asked by a monitor on the machine itself, before any proxy.
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = PRODUCTION
SECURE_HSTS_PRELOAD = PRODUCTION
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = PRODUCTION
CSRF_COOKIE_SECURE = PRODUCTION
CSRF_COOKIE_HTTPONLY = True
if PRODUCTION:
    # The browser refuses a cookie of this name that another host or plain http tries to set.
    SESSION_COOKIE_NAME = "__Host-sessionid"
    CSRF_COOKIE_NAME = "__Host-csrftoken"
CSRF_FAILURE_VIEW = "regio.views.csrf_failure"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        # Bootstrap draws its icons (select arrow, check mark) as data: images in its stylesheet.
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "manifest-src": [SELF],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024
SECURITY_CONTACT = require(env, "str", "SECURITY_CONTACT", default=f"mailto:{DEFAULT_FROM_EMAIL}", validate=is_contact)

SIMPLE_HISTORY_REVERT_DISABLED = True
IMPORT_EXPORT_USE_TRANSACTIONS = True

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"},
        # Already a line of JSON with its own time (regio/audit.py).
        "audit": {"format": "{message}", "style": "{"},
    },
    "handlers": {
        "stderr": {"class": "logging.StreamHandler", "formatter": "line"},
        "audit": {"class": "logging.StreamHandler", "formatter": "audit"},
    },
    "root": {"handlers": ["stderr"], "level": "INFO"},
    # Each of their steps is a line otherwise, dozens for one PDF.
    "loggers": {
        "agendamonitor.audit": {"handlers": ["audit"], "propagate": False},
        # What is refused has its line in the audit; of what is only mistyped nothing needs keeping.
        "django.request": {"level": "ERROR"},
        # Every scanner on the internet tries other host names, a stack trace each.
        "django.security.DisallowedHost": {"level": "CRITICAL"},
        "weasyprint": {"level": "ERROR"},
    },
}
