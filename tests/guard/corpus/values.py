"""The slots of the templates: what each holds, how it counts, and who makes it."""

from typing import Final, NamedTuple

from tests.guard.corpus import credentials, harmless, identities, keys, mnemonics, payments
from tests.guard.corpus.value import Case, Maker, Value

SECRET: Final = "spans"  # must be found
OPTIONAL: Final = "optional"  # may be found
KEEP: Final = "keep"  # must stay
FILLER: Final = ""  # says nothing


class Slot(NamedTuple):
    """How a value counts, its kind, and its maker."""

    role: str
    kind: str
    make: Maker


_COINS: Final = "BTC|ETH|USDT|SOL|XRP|TON|ADA|DOGE|LTC|USDC|TRX|DOT"
_NETWORKS: Final = "TRC20|ERC20|BEP20|Arbitrum|Polygon|Solana|Optimism"
_APPS: Final = (
    "Trust Wallet|MetaMask|imToken|Ledger Live|Exodus|Phantom|TokenPocket|Electrum|Tonkeeper|"
    "Trezor Suite|OKX Wallet|Coinbase Wallet"
)
_NAMES: Final = {
    "en": "Tom|Emily|Raj|Grace|Peter",
    "zh-Hans": "小张|李女士|王先生|阿芳|老陈",
    "zh-Hant": "陳小姐|阿豪|黃先生|小美",
    "es": "Carlos|María|Juan",
    "ru": "Иван|Ольга|Алексей",
    "vi": "Hoa|Minh|Tuấn",
    "ko": "민수|서연|지훈",
    "ja": "佐藤|鈴木|田中",
    "tr": "Ahmet|Ayşe|Mehmet",
    "pt": "João|Ana|Pedro",
    "fr": "Jean|Claire|Luc",
    "ar": "أحمد|محمد|سارة",
    "id": "Budi|Siti|Agus",
}


def _one_of(choices: str) -> Maker:
    return lambda case: Value(case.random.choice(choices.split("|")))


def _name(case: Case) -> Value:
    return _one_of(_NAMES[case.lang])(case)


def _api_passphrase(case: Case) -> Value:
    return Value(credentials.password(case).text, ("api:passphrase",))


def _bare_hex(case: Case) -> Value:
    return Value(harmless.checksum(case).text, ("bare:hex64",))


SLOTS: Final[dict[str, Slot]] = {
    "mnemonic": Slot(SECRET, "mnemonic", mnemonics.mnemonic),
    "flat_mnemonic": Slot(SECRET, "mnemonic", mnemonics.flat_mnemonic),
    "private_key": Slot(SECRET, "private_key", keys.private_key),
    "any_key": Slot(SECRET, "private_key", keys.any_key),
    "wif": Slot(SECRET, "wif", keys.wif),
    "xprv": Slot(SECRET, "xprv", keys.xprv),
    "card": Slot(SECRET, "card_number", payments.card),
    "plain_card": Slot(SECRET, "card_number", payments.plain_card),
    "cvv": Slot(SECRET, "card_cvv", payments.cvv),
    "password": Slot(SECRET, "password", credentials.password),
    "quoted_password": Slot(SECRET, "password", credentials.quoted_password),
    "plain_password": Slot(SECRET, "password", credentials.plain_password),
    "pin": Slot(SECRET, "password", credentials.pin),
    "otp": Slot(SECRET, "otp", credentials.otp),
    "six_digits": Slot(SECRET, "otp", credentials.six_digits),
    "backup_code": Slot(SECRET, "otp", credentials.backup_code),
    "api_secret": Slot(SECRET, "api_secret", credentials.api_secret),
    "api_passphrase": Slot(SECRET, "api_secret", _api_passphrase),
    "token": Slot(SECRET, "api_secret", credentials.token),
    "bearer": Slot(SECRET, "api_secret", credentials.bearer),
    "aws_secret": Slot(SECRET, "api_secret", credentials.aws_secret),
    "otpauth": Slot(SECRET, "api_secret", credentials.otpauth),
    "totp_key": Slot(SECRET, "api_secret", credentials.totp_key),
    "iban": Slot(SECRET, "iban", payments.iban),
    "national_id": Slot(SECRET, "national_id", identities.national_id),
    "expiry": Slot(OPTIONAL, "expiry", payments.expiry),
    "api_key": Slot(OPTIONAL, "api_key_id", credentials.api_key),
    "aws_key_id": Slot(OPTIONAL, "api_key_id", credentials.aws_key_id),
    "bare_hex": Slot(OPTIONAL, "private_key", _bare_hex),
    "maybe_password": Slot(OPTIONAL, "password", credentials.password),
    "maybe_otp": Slot(OPTIONAL, "otp", credentials.six_digits),
    "maybe_card": Slot(OPTIONAL, "card_number", payments.card),
    "maybe_id": Slot(OPTIONAL, "national_id", identities.national_id),
    "txid": Slot(KEEP, "txid", harmless.txid),
    "address": Slot(KEEP, "address", harmless.address),
    "sui_address": Slot(KEEP, "address", harmless.sui_address),
    "order": Slot(KEEP, "order_id", harmless.order),
    "uid": Slot(KEEP, "uid", harmless.uid),
    "amount": Slot(KEEP, "amount", harmless.amount),
    "phone": Slot(KEEP, "phone", harmless.phone),
    "email": Slot(KEEP, "email", harmless.email),
    "xpub": Slot(KEEP, "xpub", keys.xpub),
    "error": Slot(KEEP, "error", harmless.error),
    "timestamp": Slot(KEEP, "timestamp", harmless.timestamp),
    "day": Slot(KEEP, "timestamp", harmless.day),
    "clock": Slot(KEEP, "timestamp", harmless.clock),
    "epoch": Slot(KEEP, "timestamp", harmless.epoch),
    "last4": Slot(KEEP, "last4", harmless.last4),
    "masked": Slot(KEEP, "masked", harmless.masked),
    "reference": Slot(KEEP, "reference", harmless.reference),
    "device": Slot(KEEP, "device", harmless.device),
    "tracking": Slot(KEEP, "tracking", harmless.tracking),
    "coupon": Slot(KEEP, "coupon", harmless.coupon),
    "block": Slot(KEEP, "number", harmless.block),
    "memo": Slot(KEEP, "memo", harmless.memo),
    "postcode": Slot(KEEP, "postcode", harmless.postcode),
    "ip": Slot(KEEP, "ip", harmless.ip),
    "checksum": Slot(KEEP, "checksum", harmless.checksum),
    "session": Slot(KEEP, "reference", harmless.session),
    "coin": Slot(FILLER, "", _one_of(_COINS)),
    "network": Slot(FILLER, "", _one_of(_NETWORKS)),
    "app": Slot(FILLER, "", _one_of(_APPS)),
    "name": Slot(FILLER, "", _name),
}
