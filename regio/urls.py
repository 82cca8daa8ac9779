"""All addresses; the other apps are named as strings, so that the ground floor imports none of them."""

from allauth.account import views as account
from django.contrib import admin
from django.urls import include, path, re_path

from regio import views

# What we offer of allauth, and no more: nobody makes an account or keeps a list of addresses.
ACCOUNT = [
    path("", views.account, name="account"),
    path("login/", account.login, name="account_login"),
    path("logout/", account.logout, name="account_logout"),
    path("inactive/", account.account_inactive, name="account_inactive"),
    path("signup/", account.signup, name="account_signup"),
    path("email/", views.account_email, name="account_email"),
    path("reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("password/change/", account.password_change, name="account_change_password"),
    path("password/set/", account.password_set, name="account_set_password"),
    path("password/reset/", account.password_reset, name="account_reset_password"),
    path("password/reset/done/", account.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "password/reset/key/done/",
        account.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    path("mail/", views.account_mail, name="account-mail"),
    path("mail/afmelden/<str:token>/", views.mail_afmelden, name="mail-afmelden"),
    path("2fa/recovery-codes/download/", views.herstelcodes, name="mfa_download_recovery_codes"),
    path("2fa/", include("allauth.mfa.urls")),
]

urlpatterns = [
    path("account/", include(ACCOUNT)),
    path("beheer/audit/", views.audit, name="audit"),
    path("beheer/", admin.site.urls),
    path("healthz", views.health, name="health"),
    re_path(r"^kleur/(?P<kleur>[0-9a-f]{6})\.css$", views.accent_stylesheet_file, name="regio-kleur"),
    path(".well-known/security.txt", views.security_txt, name="security-txt"),
    path("robots.txt", views.robots_txt, name="robots-txt"),
    # The steps of a quarter stand beside the gemeenten of that quarter, so they come first.
    path("", include("monitoring.urls")),
    path("", include("thuiszitters.urls")),
]

handler400 = "regio.views.bad_request"
handler403 = "regio.views.permission_denied"
handler404 = "regio.views.page_not_found"
# Looked for by allauth.
handler429 = "regio.views.too_many_requests"
handler500 = "regio.views.server_error"
