"""OpenHPF (陇金): the business of a housing provident fund, one package per business, lowest first."""
