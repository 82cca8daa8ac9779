"""What the pages are compared with: the settings of startproject, one query for what a table shows, one plain table.

The same models, database, session and server; none of our frame, rights, figures or words.
"""

from typing import Any

from django.db.models import Count, Prefetch, Sum
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import path
from django.utils import timezone

from agenda.models import Doel
from monitoring.models import Meetmoment, Voortgangsscore
from thuiszitters.models import Opgave, Telling, Telmoment

SCORES = """<h1>{{ user.naam }}</h1><table>{% for doel in doelen %}<tr>
<th>{{ doel.code }} {{ doel.plan }}</th><td>{{ doel.uitvoering }}</td>
<td>{{ doel.controle }}</td><td>{{ doel.bijsturing }}</td>
{% for score in doel.scores %}<td>{{ score.waarde }} {{ score.toelichting }} {{ score.gewijzigd_op }}</td>{% endfor %}
</tr>{% endfor %}</table>"""

CHANGES = """<h1>{{ user.naam }}</h1><table>{% for change in changes %}<tr><td>{{ change.history_date }}</td>
<td>{{ change.history_user }}</td><td>{{ change.meetmoment }}</td><td>{{ change.organisatie }}</td>
<td>{{ change.waarde }}</td><td>{{ change.toelichting }}</td></tr>{% endfor %}</table>
<table>{% for score in scores %}<tr><td>{{ score.meetmoment }}</td><td>{{ score.organisatie }}</td>
<td>{{ score.waarde }}</td><td>{{ score.toelichting }}</td><td>{{ score.gewijzigd_door }}</td>
<td>{{ score.gewijzigd_op }}</td></tr>{% endfor %}</table>"""

MOMENTS = """<h1>{{ user.naam }}</h1><table>{% for moment in moments %}<tr><td>{{ moment.agenda }}</td>
<td>{{ moment }}</td><td>{{ moment.peildatum }}</td><td>{{ moment.scores }}</td>
<td>{{ moment.rapportage.status }}</td></tr>{% endfor %}</table>"""

REGIOS = """<h1>{{ user.naam }}</h1><table>{% for moment in moments %}<tr><td>{{ moment.agenda.regio }}</td>
<td>{{ moment.agenda }}</td><td>{{ moment }}</td><td>{{ moment.peildatum }}</td><td>{{ moment.rapportage.status }}</td>
</tr>{% endfor %}</table>"""

TAKEN = (
    REGIOS
    + """<table>{% for telmoment in telmomenten %}<tr><td>{{ telmoment.regio }}</td><td>{{ telmoment.peildatum }}</td>
<td>{{ telmoment.deadline }}</td><td>{{ telmoment.rapportage.status }}</td></tr>{% endfor %}</table>"""
)

COUNTS = """<h1>{{ user.naam }}</h1><table>{% for row in rows %}<tr><td>{{ row.opgave__telmoment__peildatum }}</td>
<td>{{ row.categorie__kort }}</td><td>{{ row.sector }}</td><td>{{ row.som }}</td></tr>{% endfor %}</table>"""

OPGAVEN = """<h1>{{ user.naam }}</h1><table>{% for opgave in opgaven %}<tr><td>{{ opgave.telmoment.peildatum }}</td>
<td>{{ opgave.gemeente }}</td><td>{{ opgave.status }}</td><td>{{ opgave.ingediend_door }}</td>
<td>{{ opgave.ingediend_op }}</td></tr>{% endfor %}</table>"""


def scores(request: HttpRequest, regio: str, moments: int) -> HttpResponse:
    """All doelen of a regio with their scores at the last `moments` meetmomenten."""
    latest = Meetmoment.objects.filter(agenda__regio__slug=regio).order_by("-peildatum")[:moments]
    found = Voortgangsscore.objects.filter(organisatie=None, meetmoment__in=list(latest)).select_related("waarde")
    doelen = Doel.objects.filter(thema__agenda__regio__slug=regio).prefetch_related(
        Prefetch("voortgangsscore_set", found.order_by("meetmoment__peildatum"), to_attr="scores")
    )
    return show(request, SCORES, doelen=doelen)


def changes(request: HttpRequest, regio: str, code: str) -> HttpResponse:
    """Every version of every score of one doel, and the scores themselves."""
    doel = {"doel__code": code, "doel__thema__agenda__regio__slug": regio}
    records = Voortgangsscore.history.filter(**doel)
    return show(
        request,
        CHANGES,
        changes=records.select_related("history_user", "meetmoment", "organisatie", "waarde"),
        scores=Voortgangsscore.objects.filter(**doel).select_related(
            "gewijzigd_door", "meetmoment", "organisatie", "waarde"
        ),
    )


def moments(request: HttpRequest, regio: str) -> HttpResponse:
    """The meetmomenten of one regio, with their number of scores."""
    found = Meetmoment.objects.filter(agenda__regio__slug=regio).select_related("agenda", "rapportage")
    return show(request, MOMENTS, moments=found.annotate(scores=Count("voortgangsscore")))


def regios(request: HttpRequest, slug: str) -> HttpResponse:
    """The meetmoment called `slug` of every regio."""
    found = Meetmoment.objects.filter(slug=slug).select_related("agenda__regio", "rapportage")
    return show(request, REGIOS, moments=found)


def taken(request: HttpRequest, slug: str) -> HttpResponse:
    """The meetmoment called `slug` of every regio, and every quarter that came and is not adopted."""
    found = Meetmoment.objects.filter(slug=slug).select_related("agenda__regio", "rapportage")
    open_quarters = Telmoment.objects.filter(peildatum__lte=timezone.localdate(), afgesloten_op=None)
    return show(request, TAKEN, moments=found, telmomenten=open_quarters.select_related("regio", "rapportage"))


def counts(request: HttpRequest, regio: str, quarters: int) -> HttpResponse:
    """The sum over the gemeenten of every count of the last `quarters` quarters."""
    latest = Telmoment.objects.filter(regio__slug=regio).order_by("-peildatum")[:quarters]
    found = Telling.objects.filter(opgave__telmoment__in=list(latest)).order_by("opgave__telmoment__peildatum")
    rows = found.values("opgave__telmoment__peildatum", "categorie__kort", "sector").annotate(som=Sum("aantal"))
    return show(request, COUNTS, rows=rows)


def opgaven(request: HttpRequest, regio: str) -> HttpResponse:
    """What each gemeente of a regio returned."""
    found = Opgave.objects.filter(telmoment__regio__slug=regio)
    return show(request, OPGAVEN, opgaven=found.select_related("telmoment", "gemeente", "ingediend_door"))


def show(request: HttpRequest, template: str, **context: Any) -> HttpResponse:
    return HttpResponse(TEMPLATES[template].render(context, request))


PAGES = (SCORES, CHANGES, MOMENTS, REGIOS, TAKEN, COUNTS, OPGAVEN)
TEMPLATES = {text: engines["django"].from_string(text) for text in PAGES}

urlpatterns = [
    path("scores/<slug:regio>/<int:moments>/", scores),
    path("changes/<slug:regio>/<str:code>/", changes),
    path("moments/<slug:regio>/", moments),
    path("regios/<slug:slug>/", regios),
    path("taken/<slug:slug>/", taken),
    path("counts/<slug:regio>/<int:quarters>/", counts),
    path("opgaven/<slug:regio>/", opgaven),
]
