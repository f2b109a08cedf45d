"""Talking to the settlement interface of the depository banks: signed XML messages over HTTP. Knows messages, not money."""
