"""页面: what people see, by audience: employer 单位, member 缴存人, counter 柜面, supervisor 监管.

A page knows the clock, the user and the request; it makes one call into the business and shows the answer.
Pages are rendered on the server, in Chinese; htmx moves parts of them, ECharts draws what is better seen than read.
"""
