"""提取: a member's own money for what the law names.

Each ground 情形 is a pure rule over facts and the day's policy; every answer names its articles and can be asked again
years later. 条例 第二十四条、第二十五条 and the centres' own measures under them.
"""
