"""The widget's script, and the chat page it frames; the same page stands alone."""

import hashlib
import re
from collections.abc import Mapping
from functools import cache
from typing import Any, Final

import msgspec
from litestar import Request, Response, get
from litestar.exceptions import NotFoundException
from markupsafe import Markup

from kefu.actions.desk import Desk
from kefu.actions.inboxes import Inbox
from kefu.channels.chat import LIMITS
from kefu.core import i18n
from kefu.core.errors import HelloRefused
from kefu.guard.advice import GROUPS
from kefu.intake import topics
from kefu.web.headers import FRAME_ANCESTORS
from kefu.web.kit import DIST, asset, manifest, page
from kefu.web.pages import spoken

AnyRequest = Request[Any, Any, Any]
_ELSEWHERE: Final = ("chat.hello.", "chat.launcher.", "chat.transcript")
"""Keys of texts that templates, the loader and transcripts say, and the chat's script does not."""

_REST: Final = (
    "guard.",
    "chat.about",
    "chat.act.",
    "chat.continuation.",
    "chat.escalation.",
    "chat.file.",
    "chat.follows",
    "chat.hint.",
    "chat.hold.",
    "chat.idle",
    "chat.moment.",
    "chat.promise.",
    "chat.secret.",
    "chat.wait.",
)
"""Keys of texts that come with the rest of the chat: a plain message needs none of them."""

TOPICS_SHOWN: Final = 6
"""So many topics are offered at once; the others stand behind "more"."""

HINTS: Final = ("when", "asset", "amount", "id", "error")
"""What helps to know, whatever a conversation is about."""

_HINTS_BY_TOPIC: Final[Mapping[str, tuple[str, ...]]] = {
    "account": ("uid", "when", "error", "screen"),
    "identity": ("uid", "when", "error", "screen"),
    "deposits": ("txid", "asset", "amount", "when"),
    "withdrawals": ("txid", "asset", "amount", "when"),
    "spot": ("order", "pair", "when", "screen"),
    "derivatives": ("order", "pair", "when", "screen"),
    "p2p": ("order", "amount", "when", "screen"),
    "card": ("when", "amount", "error", "screen"),
    "wallet": ("txid", "asset", "when", "screen"),
    "api": ("error", "when", "uid"),
    "app": ("error", "when", "screen"),
    "scam": ("when", "txid", "screen"),
}
EVERY_HINT: Final = tuple(
    dict.fromkeys([*HINTS, *(hint for hints in _HINTS_BY_TOPIC.values() for hint in hints)])
)

_LABELS: Final = re.compile(r"""(["'`]?)__KEFU_LABELS__\1""")


@cache
def loader() -> str:
    """Return /widget.js: the built loader with the launcher's words in every language."""
    built = (DIST / manifest()["widget.js"]).read_text()
    labels = {
        lang: {
            key.removeprefix("chat.launcher."): text
            for key, text in i18n.domain(lang, "chat.launcher").items()
        }
        for lang in i18n.LANGUAGES
    }
    return _LABELS.sub(lambda _: msgspec.json.encode(labels).decode(), built)


@get("/widget.js", sync_to_thread=False)
def widget() -> Response[str]:
    """Return the loader; other sites load it as a script."""
    return Response(
        loader(),
        media_type="text/javascript; charset=utf-8",
        headers={
            "Cache-Control": "public, max-age=300",
            "Cross-Origin-Resource-Policy": "cross-origin",
        },
    )


@get("/{lang:str}/chat")
async def chat(
    request: AnyRequest,
    desk: Desk,
    lang: str,
    inbox: str | None = None,
    frame: bool = False,
) -> Response[Any]:
    """Return the chat as a page. In a frame, only sites of its inbox may show it."""
    spoken_lang = spoken(lang)
    try:
        found = await desk.inboxes.by_key(inbox)
    except HelloRefused:
        raise NotFoundException from None
    if frame:
        origins = " ".join(sorted({desk.settings.origin, *found.origins}))
        request.scope["state"][FRAME_ANCESTORS] = origins
    return page(
        request,
        "chat/chat.html",
        lang=spoken_lang,
        frame=frame,
        name=found.called(spoken_lang),
        config=as_json(_config(desk, found, spoken_lang, framed=frame)),
        strings=as_json(strings(spoken_lang)),
        topics=topics.top(),
        topics_shown=TOPICS_SHOWN,
        hints=HINTS,
        every_hint=EVERY_HINT,
    )


@get("/{lang:str}/chat/texts", sync_to_thread=False)
def rest_texts(lang: str) -> Response[bytes]:
    """Return the texts of what comes after the page; the address changes with them."""
    return Response(
        _rest_of(spoken(lang))[0],
        media_type="application/json",
        headers={"Cache-Control": "public, max-age=31536000, immutable"},
    )


@cache
def _rest_of(lang: str) -> tuple[bytes, str]:
    """Return the texts as JSON, and a mark of their content."""
    content = msgspec.json.encode(strings(lang, rest=True))
    return content, hashlib.sha256(content).hexdigest()[:8]


def strings(lang: str, *, rest: bool = False) -> dict[str, str]:
    """Return the texts that the page's script may say: from the start, or those of the rest."""
    texts = i18n.domain(lang, "chat") | i18n.domain(lang, "guard")
    return {
        key: text
        for key, text in texts.items()
        if key.startswith(_REST) == rest and not key.startswith(_ELSEWHERE)
    }


def _config(desk: Desk, found: Inbox, lang: str, *, framed: bool) -> dict[str, Any]:
    """Return what the page's script must know."""
    query = f"?inbox={found.key}" + ("&frame=1" if framed else "")
    return {
        "inbox": found.key,
        "lang": lang,
        "frame": framed,
        "api": "/api/v1/chat",
        "socket": "/ws",
        "name": found.called(lang),
        "verify": f"/{i18n.SHORT[lang]}/verify",
        "contact": f"/{i18n.SHORT[lang]}/contact",
        "guard": [asset("engine.js"), asset("words.js")],
        "rest": {
            "script": asset("rest.js"),
            "style": asset("rest.css"),
            "texts": f"/{i18n.SHORT[lang]}/chat/texts?v={_rest_of(lang)[1]}",
        },
        "advice": GROUPS,
        "limits": LIMITS,
        "hints": HINTS,
        "topics": [
            {
                "id": topic,
                "label": i18n.say(lang, f"topic.{topic}"),
                "hints": _HINTS_BY_TOPIC.get(topic, HINTS),
            }
            for topic in topics.top()
        ],
        "origins": sorted({desk.settings.origin, *found.origins}),
        "languages": [
            {
                "tag": other,
                "label": i18n.NATIVE[other],
                "href": f"/{i18n.SHORT[other]}/chat{query}",
            }
            for other in i18n.LANGUAGES
        ],
    }


def as_json(value: object) -> Markup:
    """Return a value as JSON that cannot end the script element it stands in."""
    text = msgspec.json.encode(value).decode()
    return Markup(text.replace("<", "\\u003c").replace("\u2028", "\\u2028"))  # noqa: S704


HANDLERS = (widget, chat, rest_texts)
