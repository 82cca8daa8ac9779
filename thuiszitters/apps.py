from django.apps import AppConfig


class ThuiszittersConfig(AppConfig):
    name = "thuiszitters"
    verbose_name = "Thuiszitters"
