"""时间来敲门: the command line, the worker and its logs. What starts by the clock starts here."""
