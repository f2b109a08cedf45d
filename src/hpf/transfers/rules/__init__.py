"""转移接续的规则: numbers of letters, states and who may change them, what an account's information must say, who may leave. Pure."""
