"""Where each page hangs, by audience."""

from django.urls import URLPattern

app_name = "web"
urlpatterns: list[URLPattern] = []
