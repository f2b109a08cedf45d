"""数据共享: asking other departments and answering them.

Who asks about whom, for which case and purpose, on which consent or article, which fields, until when. An answer is kept
with its source, its time and its expiry and is as small as the rule needs (可用不可见); no answer in time is an answer.
Persons go out as references, never as names or document numbers. The member sees and withdraws consents, and sees who
asked. Law: 条例, 个人信息保护法.
"""
