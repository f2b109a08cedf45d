"""A made-up Gansu: people, employers and the institutions that answer. Nothing in `hpf` may import from here."""
