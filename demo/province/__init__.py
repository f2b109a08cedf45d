"""演示省: a made-up Gansu, the same for the same seed and scale.

Calibrated to what the province has published for 2022 (units, members, amounts, shares by kind of unit); what was
never published is marked 演示值 in `demo/data`. Nobody in it is a real person and no unit in it a real unit.
"""
