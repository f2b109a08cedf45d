"""统计: what the supervisor's indicators say, counted from what the other modules publish.

An observer: it reads published views through the role `hpf_observer` and writes only its own facts. Figures that add up
are kept as the movements of each day, so a stock is a sum and the whole can be counted again from nothing with the
same result. Figures that do not add up (a unit counts once a month) are counted at each month end.
The indicators, their codes and definitions are `law/indicators.yaml`.
"""
