from django.apps import AppConfig
from django.contrib.admin import apps as admin_apps


class RegioConfig(AppConfig):
    name = "regio"
    verbose_name = "Regio's en accounts"
    default = True


class BeheerConfig(admin_apps.AdminConfig):
    default = False
    default_site = "regio.beheer.BeheerSite"
