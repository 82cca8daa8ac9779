"""All addresses of the product: who gets what there. A new address gets its row here, or tests/test_roles.py fails.

The columns are answers to a GET: a visitor; then in the own regio an OOGO-lid, a coördinator, an invoerder, the
secretaris; a beheerder; and last whoever works in another regio only ("-" where the address belongs to none).
"""

from dataclasses import dataclass

from regio.kalender import KEY
from tests.beheer import INDICATOR, VERGADERING, kalendernummer

WEST = "/regio/west/"
AGENDA = WEST + "agenda/2023-2027/"
MOMENT = AGENDA + "west-26/"
# That of the year before is adopted and public.
ADOPTED = AGENDA + "west-25/"
METING = f"{AGENDA}doel/a1/indicator/{INDICATOR + 1}/"
OPENBAAR = "/openbaar/west/"
OPENBAAR_RAPPORT = OPENBAAR + "2023-2027/west-25/"
TELLEN = WEST + "thuiszitters/"
KALENDER = WEST + "kalender/"
KWARTAAL = TELLEN + "2026-10-01/"
OPGAVE = KWARTAAL + "weststad/"

ROLES = ("bezoeker", "oogo-lid", "coordinator", "invoerder", "secretaris", "beheerder", "elders")
PUBLIC = "200 200 200 200 200 200 -"
EVERYBODY = "200 200 200 200 200 200 200"
OWN_ACCOUNT = "302 200 200 200 200 200 -"
LEADS_ON = "302 302 302 302 302 302 -"
READ = "302 200 200 200 200 200 404"
KEEP = "302 403 403 403 200 200 404"
BEHEER = "302 403 403 403 200 200 -"


@dataclass(frozen=True)
class Row:
    name: str
    path: str
    answers: str

    def answer(self, role: str) -> str:
        return self.answers.split()[ROLES.index(role)]


ROWS = [
    Row("monitoring:start", "/", PUBLIC),
    Row("monitoring:regio-detail", WEST, READ),
    Row("monitoring:agenda-current", WEST + "agenda/", "302 302 302 302 302 302 404"),
    Row("monitoring:rapport-list", WEST + "rapporten/", READ),
    Row("monitoring:agenda-detail", AGENDA, READ),
    Row("monitoring:doel-detail", AGENDA + "doel/a1/", READ),
    Row("monitoring:rapport-detail", MOMENT + "rapport/", READ),
    Row("monitoring:rapport-file", MOMENT + "rapport.csv", READ),
    Row("monitoring:score-invoer", MOMENT + "invoer/", "302 403 403 200 200 403 404"),
    Row("monitoring:rapportage-voorleggen", MOMENT + "voorleggen/", "302 403 403 403 200 403 404"),
    Row("monitoring:rapportage-teruggeven", MOMENT + "teruggeven/", "302 200 403 403 200 403 404"),
    Row("thuiszitters:dashboard", TELLEN, READ),
    Row("thuiszitters:schooljaar-openen", TELLEN + "schooljaar/", "302 405 405 405 405 405 405"),
    Row("thuiszitters:tellingen", TELLEN + "tellingen.csv", READ),
    Row("thuiszitters:sjabloon", TELLEN + "sjabloon.csv", "302 403 403 403 200 403 404"),
    Row("thuiszitters:tellingen-inlezen", TELLEN + "inlezen/", "302 403 403 403 200 403 404"),
    Row("thuiszitters:opgave-invoer", OPGAVE, "302 403 200 200 200 403 404"),
    Row("thuiszitters:opgave-indienen", OPGAVE + "indienen/", "302 403 403 200 200 403 404"),
    Row("thuiszitters:opgave-teruggeven", OPGAVE + "teruggeven/", "302 403 403 403 200 403 404"),
    Row("monitoring:rapportage-vaststellen", MOMENT + "vaststellen/", "302 200 403 403 200 403 404"),
    Row("monitoring:rapportage-heropenen", MOMENT + "heropenen/", "302 200 403 403 200 403 404"),
    # Nothing is adopted in these worlds, so there is no snapshot
    Row("monitoring:momentopname-file", MOMENT + "momentopname.json", "302 404 404 404 404 404 404"),
    Row("monitoring:kwartaal-detail", KWARTAAL, READ),
    Row("monitoring:kwartaal-voorleggen", KWARTAAL + "voorleggen/", "302 403 403 403 200 403 404"),
    Row("monitoring:kwartaal-teruggeven", KWARTAAL + "teruggeven/", "302 403 200 403 200 403 404"),
    Row("monitoring:kwartaal-vaststellen", KWARTAAL + "vaststellen/", "302 403 200 403 200 403 404"),
    Row("monitoring:kwartaal-heropenen", KWARTAAL + "heropenen/", "302 403 200 403 200 403 404"),
    Row("monitoring:kwartaal-momentopname", KWARTAAL + "momentopname.json", "302 403 404 403 404 403 404"),
    Row("monitoring:kwartaal-gemaskeerd", KWARTAAL + "gemaskeerd.json", "302 404 404 404 404 404 404"),
    Row("monitoring:doel-logboek", AGENDA + "doel/a1/logboek/", READ),
    Row("monitoring:rapportage-logboek", MOMENT + "logboek/", READ),
    Row("monitoring:kwartaal-logboek", KWARTAAL + "logboek/", READ),
    Row("thuiszitters:opgave-logboek", OPGAVE + "logboek/", READ),
    # Metingen: the secretaris, and who enters for a trekker; in these worlds that is the SWV, for which nobody does
    Row("monitoring:meting-nieuw", METING, "302 403 403 403 200 403 404"),
    Row("monitoring:meting-wijzigen", METING + "2025-10-01/", "302 403 403 403 200 403 404"),
    # Questions: who prepares answers, who reads asks; the one in these worlds is the OOGO-lid's
    Row("monitoring:vraag-list", WEST + "vragen/", READ),
    Row("monitoring:vraag-bij-doel", AGENDA + "doel/a1/vraag/", "302 200 200 200 403 403 404"),
    Row("monitoring:vraag-bij-aantal", WEST + "vragen/aantal/2026-10-01/verzuim-west/", "302 200 200 200 403 403 404"),
    Row("monitoring:vraag-detail", WEST + "vragen/1/", READ),
    Row("monitoring:vraag-intrekken", WEST + "vragen/1/intrekken/", "302 200 403 403 403 403 404"),
    Row("monitoring:vraag-in-rapport", WEST + "vragen/1/rapport/", "302 405 405 405 405 405 405"),
    Row("monitoring:rapport-controleren", "/controleren/", OWN_ACCOUNT),
    Row("monitoring:kalender", KALENDER, READ),
    Row("monitoring:kalenderadres-maken", KALENDER + "adres/", "302 405 405 405 405 405 405"),
    Row("monitoring:kalenderadres-intrekken", KALENDER + "adres/intrekken/", READ),
    Row("monitoring:vergadering-nieuw", KALENDER + "vergadering/", KEEP),
    Row("monitoring:vergadering-wijzigen", f"{KALENDER}vergadering/{VERGADERING + 1}/", KEEP),
    Row("monitoring:vergadering-verwijderen", f"{KALENDER}vergadering/{VERGADERING + 1}/verwijderen/", KEEP),
    Row("monitoring:kalender-feed", f"/kalender/{KEY.sign(kalendernummer('west'))}.ics", PUBLIC),
    Row("monitoring:voortgang", WEST + "voortgang/", "302 403 200 403 200 200 404"),
    Row("monitoring:voortgang-herinneren", "/voortgang/herinneren/", "302 405 405 405 405 405 -"),
    Row("monitoring:voortgang-regios", "/voortgang/", "302 403 200 403 200 200 -"),
    Row("monitoring:regio-openbaarheid", WEST + "openbaarheid/", "302 403 403 403 200 403 404"),
    Row("monitoring:rapport-publiceren", ADOPTED + "openbaar-maken/", "302 403 403 403 200 403 404"),
    Row("monitoring:rapport-intrekken", ADOPTED + "intrekken/1/", "302 403 403 403 200 403 404"),
    # What everybody may see
    Row("monitoring:vergelijken", "/vergelijken/", EVERYBODY),
    Row("monitoring:openbaar-index", "/openbaar/", LEADS_ON),
    Row("monitoring:openbaar-regio", OPENBAAR, EVERYBODY),
    Row("monitoring:openbaar-rapport", OPENBAAR_RAPPORT, EVERYBODY),
    Row("monitoring:openbaar-bestand", OPENBAAR_RAPPORT + "rapport.csv", EVERYBODY),
    Row("monitoring:openbare-versie", OPENBAAR_RAPPORT + "versie-1/", EVERYBODY),
    Row("monitoring:openbare-versie-bestand", OPENBAAR_RAPPORT + "versie-1/rapport.json", EVERYBODY),
    Row("health", "/healthz", PUBLIC),
    Row("robots-txt", "/robots.txt", PUBLIC),
    Row("security-txt", "/.well-known/security.txt", PUBLIC),
    Row("regio-kleur", "/kleur/0b5563.css", PUBLIC),
    # For developers, on a trial machine only
    Row("monitoring:component-gallery", "/componenten/", "404 404 404 404 404 404 -"),
    # Signing in and the own account
    Row("account", "/account/", LEADS_ON),
    Row("account_login", "/account/login/", "200 302 302 302 302 302 -"),
    Row("account_logout", "/account/logout/", OWN_ACCOUNT),
    Row("account_inactive", "/account/inactive/", PUBLIC),
    Row("account_signup", "/account/signup/", "200 302 302 302 302 302 -"),
    Row("account_email", "/account/email/", OWN_ACCOUNT),
    Row("account-mail", "/account/mail/", OWN_ACCOUNT),
    # Whoever holds no signed link
    Row("mail-afmelden", "/account/mail/afmelden/1:nagemaakt/", "404 404 404 404 404 404 -"),
    Row("account_reauthenticate", "/account/reauthenticate/", OWN_ACCOUNT),
    Row("account_change_password", "/account/password/change/", OWN_ACCOUNT),
    Row("account_set_password", "/account/password/set/", LEADS_ON),
    Row("account_reset_password", "/account/password/reset/", PUBLIC),
    Row("account_reset_password_done", "/account/password/reset/done/", PUBLIC),
    Row("account_reset_password_from_key", "/account/password/reset/key/1-verlopen/", PUBLIC),
    Row("account_reset_password_from_key_done", "/account/password/reset/key/done/", PUBLIC),
    Row("mfa_index", "/account/2fa/", OWN_ACCOUNT),
    Row("mfa_authenticate", "/account/2fa/authenticate/", LEADS_ON),
    Row("mfa_reauthenticate", "/account/2fa/reauthenticate/", LEADS_ON),
    Row("mfa_activate_totp", "/account/2fa/totp/activate/", LEADS_ON),
    Row("mfa_deactivate_totp", "/account/2fa/totp/deactivate/", "302 404 404 404 404 404 -"),
    Row("mfa_view_recovery_codes", "/account/2fa/recovery-codes/", "302 404 404 404 404 404 -"),
    Row("mfa_generate_recovery_codes", "/account/2fa/recovery-codes/generate/", LEADS_ON),
    Row("mfa_download_recovery_codes", "/account/2fa/recovery-codes/download/", "302 404 404 404 404 404 -"),
    Row("mfa_list_webauthn", "/account/2fa/webauthn/", OWN_ACCOUNT),
    Row("mfa_add_webauthn", "/account/2fa/webauthn/add/", LEADS_ON),
    Row("mfa_reauthenticate_webauthn", "/account/2fa/webauthn/reauthenticate/", LEADS_ON),
    Row("mfa_remove_webauthn", "/account/2fa/webauthn/keys/1/remove/", LEADS_ON),
    Row("mfa_edit_webauthn", "/account/2fa/webauthn/keys/1/edit/", LEADS_ON),
    Row("mfa_login_webauthn", "/account/2fa/webauthn/login/", LEADS_ON),
    # Beheer; what lies behind its lists is held in tests/regio/test_admin.py, model by model
    Row("audit", "/beheer/audit/", "302 403 403 403 403 200 -"),
    Row("admin:index", "/beheer/", BEHEER),
    Row("admin:app_list", "/beheer/regio/", BEHEER),
    Row("admin:login", "/beheer/login/", LEADS_ON),
    Row("admin:logout", "/beheer/logout/", "302 403 403 403 302 302 -"),
    Row("admin:password_change", "/beheer/password_change/", "302 403 403 403 302 302 -"),
    Row("admin:password_change_done", "/beheer/password_change/done/", "302 403 403 403 302 302 -"),
    Row("admin:autocomplete", "/beheer/autocomplete/", "302 403 403 403 403 403 -"),
    Row("admin:jsi18n", "/beheer/jsi18n/", BEHEER),
]
