"""租期: how long work belongs to whoever began it. After that he is taken for dead, and somebody else goes on."""

import os
from datetime import timedelta

LEASE = timedelta(seconds=int(os.environ.get("HPF_LEASE_SECONDS", "300")))
