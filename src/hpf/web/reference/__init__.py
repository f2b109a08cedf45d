"""政策参数 法规对照: what the rules say, on which day, in which centre, by which article."""
