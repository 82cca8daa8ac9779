from django.urls import URLPattern

app_name = "thuiszitters"

urlpatterns: list[URLPattern] = []
