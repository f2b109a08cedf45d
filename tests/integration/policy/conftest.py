"""The tables' classes can be imported before the first fixture runs."""

import django

django.setup()
