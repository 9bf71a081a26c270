"""Pages of an exchange on an origin of their own, from meek to hostile, with the widget on them."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from string import Template
from typing import Final, Literal, Self
from urllib.parse import parse_qsl, urlencode, urlsplit

Kind = Literal["plain", "hostile", "no-script"]

NONCE: Final = "bm9uY2U"
POLICY: Final = (
    "default-src 'none'; script-src 'nonce-{nonce}' {desk}; frame-src {desk}; "
    "style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'"
)
PAGE: Final = Template("""<!doctype html>
<html lang="$lang" dir="$dir">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>Halden Exchange</title>
  <link rel="icon" href="/none">
  <link rel="stylesheet" href="/$kind.css">
  <script nonce="$nonce">window.kefu=window.kefu||function(){(kefu.q=kefu.q||[]).push(arguments)};
    window.heard=[];kefu('on','unread',n=>heard.push(n));</script>
  <script nonce="$nonce" src="$desk/widget.js" data-inbox="$inbox" data-lang="$lang" $tag async>
  </script>
</head>
<body>
  <header><b>HALDEN</b> BTC/USDT 68,412.50</header>
  <main>
    <h1>Withdraw</h1>
    <form><p><label>Amount <input id="amount" name="amount"></label></p>
    <p><label>Network <select id="chain"><option>TRC20</option><option>ERC20</option>
    </select></label></p>
    <p><label><input id="sure" type="checkbox"> I checked the address</label></p></form>
    <noscript><p><a href="$desk/$short/chat?inbox=$inbox">Support chat</a></p></noscript>
  </main>
  <footer class="bar"><button data-kefu-avoid>Buy</button>
    <button data-kefu-avoid>Sell</button></footer>
</body>
</html>""")
PLAIN: Final = """
body { margin: 0; min-height: 100vh; font: 16px/1.5 system-ui; color: #1c2430; background: #f6f7f9 }
header { padding: 12px 16px; background: #fff; border-bottom: 1px solid #e3e6ea }
main { padding: 16px } h1 { font-size: 20px }
.bar { position: fixed; inset: auto 0 0; display: flex; gap: 8px; padding: 10px }
.bar button { flex: 1; padding: 14px; border: 0; background: #1d2733; color: #fff }
@media (min-width: 600px) { .bar { display: none } }
"""
HOSTILE: Final = """
* { all: unset !important; display: none !important; font-size: 90px !important;
  position: static !important; visibility: hidden !important; opacity: 0 !important;
  transform: scale(9) rotate(7deg) !important; filter: invert(1) !important;
  pointer-events: none !important; z-index: -1 !important; animation: none !important }
html, body, head + body > main, main > *, form, form > *, label, label > * {
  display: block !important; visibility: visible !important; opacity: 1 !important;
  transform: none !important; filter: none !important; pointer-events: auto !important;
  font-size: 16px !important }
kefu-widget, iframe, button, svg { width: 0 !important; height: 0 !important }
kefu-widget::before { content: "broken" !important; font-size: 200px !important }
"""


class HostSite:
    """A web server of the exchange. Its pages take the desk's address from their query."""

    def __init__(self) -> None:
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
        self.origin = f"http://localhost:{self._server.server_address[1]}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def page(self, desk: str, inbox: str, kind: Kind = "plain", **look: str) -> str:
        """Return the address of a page with the widget of a desk.

        look: `lang`, `dir`, and `tag` with more attributes of the script's tag.
        """
        query = {"desk": desk, "inbox": inbox, "kind": kind} | look
        return f"{self.origin}/?{urlencode(query)}"


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        url = urlsplit(self.path)
        if url.path == "/":
            asked = {"lang": "en", "dir": "ltr", "tag": "", "nonce": NONCE} | dict(
                parse_qsl(url.query)
            )
            asked["short"] = asked["lang"].partition("-")[0]
            policy = POLICY.format(**asked)
            self._send("text/html", PAGE.substitute(asked), policy)
        elif url.path.endswith(".css"):
            self._send("text/css", HOSTILE if url.path == "/hostile.css" else PLAIN)
        else:
            self.send_error(404)

    def _send(self, content_type: str, text: str, policy: str = "default-src 'none'") -> None:
        self.send_response(200)
        self.send_header("Content-Type", f"{content_type}; charset=utf-8")
        self.send_header("Content-Security-Policy", policy)
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""
