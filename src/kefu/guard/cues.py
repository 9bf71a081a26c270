"""Words beside a value that tell a secret from what only looks like one, in en and zh.

The nearest cue before the value decides; a cue after it counts where none stands before.
Patterns are lower case; all are matched on lower-cased text.
"""

import re
from typing import Final, NamedTuple

_BEFORE: Final = 64
_AFTER: Final = 24


class Cues(NamedTuple):
    """Patterns for words that make a value a secret, and for words that make it harmless."""

    secret: re.Pattern[str]
    harmless: re.Pattern[str]


CARD: Final = Cues(
    secret=re.compile(
        r"card(?!_)|visa|master ?card|credit|debit|amex|american express|unionpay|discover|jcb"
        r"|卡|银联|信用|借记|銀聯|信用"
    ),
    harmless=re.compile(
        r"order|trade|ticket|\buid\b|user|account|\btx|hash|ref|case|invoice|\bid\b|\bno\.? ?:"
        r"|serial|tracking|deposit|withdraw|phone|imei"
        r"|订单|单号|工单|编号|用户|流水|交易|账号|账户|充值|提现|提币|快递|手机|电话|序列"
        r"|訂單|單號|編號|帳號|帳戶|提領"
    ),
)
CARD_EXTRAS: Final = re.compile(
    r"cvv|cvc|valid|expir|exp\b|\b(?:0[1-9]|1[0-2]) ?[/-] ?\d\d|到期|有效期|后三位|後三碼"
)

KEY: Final = Cues(
    secret=re.compile(
        r"private[ -]?key|priv[ -]?key|secret[ -]?key|\bpk\b|\bprivate\b|私钥|私鑰|密钥|密鑰|秘钥"
    ),
    harmless=re.compile(
        r"transaction|\btx|hash|address|order|\bblock|contract|public|xpub|explorer"
        r"|交易|哈希|地址|区块|區塊|合约|合約|公钥|公鑰|订单|訂單|转账|轉帳"
    ),
)

PHRASE: Final = re.compile(
    r"mnemonic|seed|recovery|phrase|backup|wallet|restor|words|助记词|助記詞|单词|單詞|短语|恢复|种子|钱包|錢包"
)


def speaks_for(text: str, start: int, end: int, cues: Cues) -> bool | None:
    """Return True if the words beside text[start:end] make it a secret, False if harmless.

    None: no cue stands near.
    """
    before = text[max(0, start - _BEFORE) : start].lower()
    secret, harmless = _last(cues.secret, before), _last(cues.harmless, before)
    if secret == harmless:
        after = text[end : end + _AFTER].lower()
        return True if cues.secret.search(after) else None
    return secret > harmless


def near(text: str, start: int, end: int, pattern: re.Pattern[str]) -> bool:
    """Return whether the pattern stands within a few words of text[start:end]."""
    return bool(
        pattern.search(text[end : end + _AFTER].lower())
        or pattern.search(text[max(0, start - _BEFORE) : start].lower())
    )


def _last(pattern: re.Pattern[str], text: str) -> int:
    end = -1
    for match in pattern.finditer(text):
        end = match.end()
    return end
