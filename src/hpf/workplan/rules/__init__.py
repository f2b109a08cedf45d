"""工作要点台账的规则: what a plan document asks for, by when, how an edition differs, how a light and a rank come about. Pure."""
