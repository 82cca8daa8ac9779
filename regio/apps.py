from django.apps import AppConfig
from django.contrib.admin import apps as admin_apps
from django.contrib.staticfiles import apps as staticfiles_apps


class RegioConfig(AppConfig):
    name = "regio"
    verbose_name = "Regio's en accounts"
    default = True


class BeheerConfig(admin_apps.AdminConfig):
    default = False
    default_site = "regio.beheer.BeheerSite"


class StatischeBestandenConfig(staticfiles_apps.StaticFilesConfig):
    default = False
    # Bootstrap comes in eight variants with their maps and the pages use one: collecting the others takes seconds.
    ignore_patterns = (*staticfiles_apps.StaticFilesConfig.ignore_patterns, "bootstrap-*", "bootstrap.css*", "*.rtl.*")
