"""Which advice stands for which kind of secret, once one was removed."""

from typing import Final

GROUPS: Final = {
    "mnemonic": "wallet",
    "xprv": "wallet",
    "wif": "wallet",
    "private_key": "wallet",
    "api_secret": "api",
    "password": "password",
    "otp": "code",
    "card_number": "card",
    "card_cvv": "card",
    "iban": "identity",
    "national_id": "identity",
    "own": "own",
    "held": "held",
}
"""The group of texts `guard.advice.<group>.*` for each kind, the most pressing first."""
