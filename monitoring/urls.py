"""Every page that shows or takes scores belongs here, whatever its address (huis.md)."""

from django.urls import path

app_name = "monitoring"

urlpatterns: list = []
