"""The WSGI application, for granian."""

import gc
import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

YOUNG = 25_000
"""New objects before the collector looks at them. A page makes some thousands, and nearly all of them end with it by themselves."""

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
application = get_wsgi_application()


def settle_heap() -> None:
    """Load every page, and keep what is loaded out of the collector's sight: it lives as long as the process, and to walk
    through it again and again is what makes one request in a hundred slow."""
    assert get_resolver().url_patterns
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, 10, 10)


settle_heap()
