"""监管: sixteen centres at a glance, ranking, indicators with their definition, and the rows behind each figure.

Everything is read through published views as the observer; the supervisor sees no person.
"""
