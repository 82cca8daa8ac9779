"""All addresses; the other apps are named as strings, so that the ground floor imports none of them."""

from django.contrib import admin
from django.urls import include, path

from regio import views

urlpatterns = [
    path("account/", include("allauth.urls")),
    path("beheer/", admin.site.urls),
    path("healthz", views.health, name="health"),
    path("", include("thuiszitters.urls")),
    path("", include("monitoring.urls")),
]

handler400 = "regio.views.bad_request"
handler403 = "regio.views.permission_denied"
handler404 = "regio.views.page_not_found"
handler500 = "regio.views.server_error"
