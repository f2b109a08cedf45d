"""Where each audience's pages and the machines' interface hang."""

from django.urls import include, path

urlpatterns = [
    path("api/", include("hpf.api.urls")),
    path("", include("hpf.web.urls")),
]
handler403 = "hpf.web.errors.forbidden"
handler404 = "hpf.web.errors.not_found"
handler500 = "hpf.web.errors.server_error"
handler400 = "hpf.web.errors.bad_request"
