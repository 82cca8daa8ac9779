"""Who may do what: a list of permissions per role, written to be read by people who do not program."""

from django.db.models import TextChoices


class Rol(TextChoices):
    """What somebody is in one regio."""

    SECRETARIS = "secretaris", "REA-secretaris"
    INVOERDER = "invoerder", "invoerder"
    OOGO_LID = "oogo-lid", "OOGO-lid"
    COORDINATOR = "coordinator", "coördinator"


class Permission(TextChoices):
    """One thing that a role may or may not do within a regio."""

    REGIO_BEKIJKEN = "regio-bekijken", "de agenda, de scores en het rapport van de regio lezen"
    SCORES_INVOEREN = "scores-invoeren", "de scores van de regio invoeren"
    LOKALE_SCORES_INVOEREN = "lokale-scores-invoeren", "de scores van de eigen gemeente invoeren"
    SCORES_VOORLEGGEN = "scores-voorleggen", "een meetmoment voorleggen aan het OOGO"
    SCORES_TERUGGEVEN = "scores-teruggeven", "een voorgelegd meetmoment teruggeven met een reden"
    RAPPORT_VASTSTELLEN = "rapport-vaststellen", "een voorgelegd rapport vaststellen"
    BESLUIT_REGISTREREN = "besluit-registreren", "vastleggen dat een overleg een rapport vaststelde"
    RAPPORT_HEROPENEN = "rapport-heropenen", "een vastgesteld rapport heropenen met een reden"
    RAPPORT_PUBLICEREN = "rapport-publiceren", "een vastgesteld rapport openbaar maken of intrekken"
    AANTALLEN_INVOEREN = "aantallen-invoeren", "de aantallen thuiszitters van de eigen gemeente invoeren"
    ALLE_AANTALLEN_INVOEREN = "alle-aantallen-invoeren", "de aantallen van alle gemeenten invoeren en inlezen"
    AANTALLEN_TERUGGEVEN = "aantallen-teruggeven", "een ingediende opgave van aantallen teruggeven met een reden"
    ALLE_AANTALLEN_BEKIJKEN = "alle-aantallen-bekijken", "kleine aantallen thuiszitters zien zoals ze zijn ingevoerd"
    HERINNEREN = "herinneren", "iemand herinneren aan scores of aantallen die nog ontbreken"
    VOORTGANG_BEKIJKEN = "voortgang-bekijken", "zien wie zijn scores en aantallen al heeft ingevoerd"
    KWARTAAL_VOORLEGGEN = "kwartaal-voorleggen", "de aantallen van een kwartaal voorleggen aan het REA"
    KWARTAAL_TERUGGEVEN = "kwartaal-teruggeven", "een voorgelegd kwartaal teruggeven met een reden"
    KWARTAAL_VASTSTELLEN = "kwartaal-vaststellen", "een voorgelegd kwartaal vaststellen"
    KWARTAAL_HEROPENEN = "kwartaal-heropenen", "een vastgesteld kwartaal heropenen met een reden"
    VRAGEN_STELLEN = "vragen-stellen", "een vraag stellen bij een doel, een score of een aantal"
    VRAGEN_BEANTWOORDEN = "vragen-beantwoorden", "vragen beantwoorden en antwoorden in het rapport opnemen"
    VRAGEN_ALS_TREKKER_BEANTWOORDEN = (
        "vragen-als-trekker-beantwoorden",
        "vragen beantwoorden bij de doelen die de eigen organisatie trekt",
    )
    METINGEN_INVOEREN = "metingen-invoeren", "metingen invoeren bij de indicatoren van alle doelen"
    METINGEN_ALS_TREKKER_INVOEREN = (
        "metingen-als-trekker-invoeren",
        "metingen invoeren bij de doelen die de eigen organisatie trekt",
    )
    BEHEREN = "beheren", "de gegevens van de regio beheren"


ROLES: dict[Rol, list[Permission]] = {
    Rol.SECRETARIS: [
        Permission.REGIO_BEKIJKEN,
        Permission.SCORES_INVOEREN,
        Permission.SCORES_VOORLEGGEN,
        Permission.SCORES_TERUGGEVEN,
        Permission.BESLUIT_REGISTREREN,
        Permission.RAPPORT_HEROPENEN,
        Permission.RAPPORT_PUBLICEREN,
        Permission.ALLE_AANTALLEN_INVOEREN,
        Permission.AANTALLEN_TERUGGEVEN,
        Permission.ALLE_AANTALLEN_BEKIJKEN,
        Permission.HERINNEREN,
        Permission.VOORTGANG_BEKIJKEN,
        Permission.KWARTAAL_VOORLEGGEN,
        Permission.KWARTAAL_TERUGGEVEN,
        Permission.KWARTAAL_VASTSTELLEN,
        Permission.KWARTAAL_HEROPENEN,
        Permission.VRAGEN_BEANTWOORDEN,
        Permission.METINGEN_INVOEREN,
        Permission.BEHEREN,
    ],
    Rol.INVOERDER: [
        Permission.REGIO_BEKIJKEN,
        Permission.LOKALE_SCORES_INVOEREN,
        Permission.AANTALLEN_INVOEREN,
        Permission.VRAGEN_STELLEN,
        Permission.VRAGEN_ALS_TREKKER_BEANTWOORDEN,
        Permission.METINGEN_ALS_TREKKER_INVOEREN,
    ],
    Rol.OOGO_LID: [
        Permission.REGIO_BEKIJKEN,
        Permission.SCORES_TERUGGEVEN,
        Permission.RAPPORT_VASTSTELLEN,
        Permission.RAPPORT_HEROPENEN,
        Permission.VRAGEN_STELLEN,
    ],
    Rol.COORDINATOR: [
        Permission.REGIO_BEKIJKEN,
        Permission.ALLE_AANTALLEN_BEKIJKEN,
        Permission.HERINNEREN,
        Permission.VOORTGANG_BEKIJKEN,
        Permission.KWARTAAL_TERUGGEVEN,
        Permission.KWARTAAL_VASTSTELLEN,
        Permission.KWARTAAL_HEROPENEN,
        Permission.VRAGEN_STELLEN,
    ],
}

# A beheerder keeps regio's, organisations and accounts, in every regio, but does not score: a score is the regio's own.
BEHEERDER: list[Permission] = [
    Permission.REGIO_BEKIJKEN,
    Permission.VOORTGANG_BEKIJKEN,
    Permission.HERINNEREN,
    Permission.BEHEREN,
]

# What only reads: who may do anything else needs a second step to sign in (ADR 13).
READING = {
    Permission.REGIO_BEKIJKEN,
    Permission.VOORTGANG_BEKIJKEN,
    Permission.ALLE_AANTALLEN_BEKIJKEN,
}


def permissions_of(rol: Rol, *, oogo_sees_all: bool) -> list[Permission]:
    """Return what a rol may do in a regio, which decides whether its OOGO sees small numbers (domein.md, rule 10)."""
    more = [Permission.ALLE_AANTALLEN_BEKIJKEN] if oogo_sees_all and rol == Rol.OOGO_LID else []
    return ROLES[rol] + more
