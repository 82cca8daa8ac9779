from datetime import date

from django.urls import path, register_converter

from thuiszitters.views import entry, files, logboek, reading


class DateConverter:
    """A day in an address: 2026-10-01."""

    regex = r"\d{4}-\d{2}-\d{2}"

    def to_python(self, value: str) -> date:
        return date.fromisoformat(value)

    def to_url(self, value: date | str) -> str:
        return str(value)


class FormatConverter:
    """The kind of a file in an address."""

    regex = "csv|xlsx|ods|json"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(DateConverter, "dag")
register_converter(FormatConverter, "bestandssoort")

app_name = "thuiszitters"

THUISZITTERS = "regio/<slug:slug>/thuiszitters/"
OPGAVE = THUISZITTERS + "<dag:peildatum>/<slug:gemeente>/"

urlpatterns = [
    path(THUISZITTERS, reading.dashboard, name="dashboard"),
    path(THUISZITTERS + "tellingen.<bestandssoort:soort>", files.tellingen, name="tellingen"),
    path(THUISZITTERS + "sjabloon.<bestandssoort:soort>", files.sjabloon, name="sjabloon"),
    path(THUISZITTERS + "schooljaar/", entry.schooljaar_openen, name="schooljaar-openen"),
    path(THUISZITTERS + "inlezen/", files.tellingen_inlezen, name="tellingen-inlezen"),
    path(OPGAVE, entry.opgave_invoer, name="opgave-invoer"),
    path(OPGAVE + "logboek/", logboek.opgave_logboek, name="opgave-logboek"),
    path(OPGAVE + "indienen/", entry.opgave_indienen, name="opgave-indienen"),
    path(OPGAVE + "teruggeven/", entry.opgave_teruggeven, name="opgave-teruggeven"),
]
