"""脱敏: what a page shows by default. Enough to recognise one's own, too little to use another's."""


def mask_id(number: str) -> str:
    """620***********0018. Short numbers keep less."""
    if len(number) >= 15:
        return number[:3] + "*" * (len(number) - 7) + number[-4:]
    return number[:1] + "*" * max(len(number) - 3, 0) + number[-2:] if len(number) > 3 else "*" * len(number)


def mask_phone(phone: str) -> str:
    """138****0018."""
    return phone[:3] + "****" + phone[-4:] if len(phone) == 11 else "*" * len(phone)


def mask_card(card: str) -> str:
    """****0018: the last four digits, as banks print them."""
    return "****" + card[-4:] if len(card) >= 12 else "*" * len(card)


def mask_name(name: str) -> str:
    """张*, 张*丰, 欧**华: first and last character; of a latin name the first letter."""
    if len(name) <= 1:
        return name
    if name.isascii():
        return name[0] + "*" * (len(name) - 1)
    return name[0] + "*" if len(name) == 2 else name[0] + "*" * (len(name) - 2) + name[-1]
