"""Where machines call in."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
