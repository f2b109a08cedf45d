"""模拟的全国转移接续平台: a process with a register of its own, and the behaviour of the other cities' funds behind it.

Speaks the signed messages of `hpf.transfers.gateways`. It knows nothing of our books; money moves at the simulated bank.
"""
