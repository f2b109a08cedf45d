"""模拟部门: the departments the platform asks, as one process of its own over one made-up population.

Police, civil affairs, land registry, housing, labour, health insurance, tax, banks, the national platform and market
supervision answer from the same registry, so that what they say hangs together; each errs as it is told.
"""
