"""Sign-in, appointments, the audit log, the queue of makers and checkers, machine calls."""

from hpf.access.services.activation import activate, open_online
from hpf.access.services.appointments import (
    Appointed,
    Registered,
    appoint,
    change_password,
    dismiss,
    load_roles,
    register_client,
    register_user,
    register_users,
    set_active,
)
from hpf.access.services.audit import Sealed, record, seal_audit
from hpf.access.services.calls import accept_call
from hpf.access.services.queue import Settled, Submitted, return_submission, settle_submission, submit
from hpf.access.services.recovery import renew_second_factor, reset_password
from hpf.access.services.signin import FirstFactor, first_factor, second_factor, signed_out, totp_now, totp_uri, unlock

__all__ = [
    "Appointed",
    "FirstFactor",
    "Registered",
    "Sealed",
    "Settled",
    "Submitted",
    "accept_call",
    "activate",
    "appoint",
    "change_password",
    "dismiss",
    "first_factor",
    "load_roles",
    "open_online",
    "record",
    "register_client",
    "register_user",
    "register_users",
    "renew_second_factor",
    "reset_password",
    "return_submission",
    "seal_audit",
    "second_factor",
    "set_active",
    "settle_submission",
    "signed_out",
    "submit",
    "totp_now",
    "totp_uri",
    "unlock",
]
