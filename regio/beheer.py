"""The Django admin as Beheer: in Dutch, signed in to like every other page."""

from django.contrib import admin


class BeheerSite(admin.AdminSite):
    site_title = "Beheer Agendamonitor"
    site_header = "Beheer Agendamonitor"
    index_title = "Gegevens beheren"
    site_url = "/"
