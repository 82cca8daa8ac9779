from django.apps import AppConfig
from django.contrib.admin import apps as admin_apps
from django.contrib.staticfiles import apps as staticfiles_apps


class RegioConfig(AppConfig):
    name = "regio"
    verbose_name = "Regio's en accounts"
    default = True

    def ready(self) -> None:
        """Hear what Django and allauth say about signing in, the only place that sees every way in and out."""
        from allauth.mfa import signals as second_step
        from django.contrib.auth import signals

        from regio import accounts, checks, middleware  # noqa: F401 - checks are known once they are loaded

        signals.user_logged_in.connect(middleware.note_begin)
        signals.user_logged_in.connect(accounts.record_sign_in)
        signals.user_logged_out.connect(accounts.record_sign_out)
        signals.user_login_failed.connect(accounts.record_failed_sign_in)
        second_step.authentication_failed.connect(accounts.record_failed_second_step)
        second_step.authenticator_added.connect(accounts.record_changed_second_step)
        second_step.authenticator_removed.connect(accounts.record_changed_second_step)
        second_step.authenticator_reset.connect(accounts.record_changed_second_step)


class BeheerConfig(admin_apps.AdminConfig):
    default = False
    default_site = "regio.beheer.BeheerSite"


class StatischeBestandenConfig(staticfiles_apps.StaticFilesConfig):
    default = False
    # Bootstrap comes in eight variants with their maps and the pages use one: collecting the others takes seconds.
    ignore_patterns = (*staticfiles_apps.StaticFilesConfig.ignore_patterns, "bootstrap-*", "bootstrap.css*", "*.rtl.*")
