"""政策参数: what the rules say, on which day, in which centre, by which article.

Law is data. `law/` at the root of the project holds the documents (restated), the dated values with their
citations, the chart of accounts and the exchange codes; `services.load_law` brings them into the database, and
`queries.book(centre_id, on)` gives every other module one frozen `PolicyBook` for one centre and one day.
A value that no document gives raises `MissingParameter`: nothing in this module has a default.
Words: 文件 source · 条文 article · 参数 parameter · 适用范围 scope · 可信程度 confidence · 工作日 workday.
"""
