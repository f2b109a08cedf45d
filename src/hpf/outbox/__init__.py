"""待发: effects on the outside world, written in the same transaction as the fact that caused them.

A message is delivered at least once: whoever handles it must be able to meet it again. Sequence numbers for outside
systems are drawn here too, and are committed before anything is sent under them; a gap means nothing.
"""
