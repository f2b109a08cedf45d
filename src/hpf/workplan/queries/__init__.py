"""Reads of the work plan: frozen views, paged in SQL. The province reads published views, a centre its own rows."""
