"""The one outbound HTTP client. It goes to public addresses only, also after a redirect.

A host is resolved once, every address it has must be public, and the connection goes to the
address that was checked, so that a name cannot point elsewhere a moment later. Operators name
their own internal hosts in `allow`.
"""

import asyncio
import re
import socket
import ssl
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from http.cookiejar import CookieJar, DefaultCookiePolicy
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from types import TracebackType
from typing import Final, Literal, Self

import httpx
from msgspec import Struct

from kefu.core.errors import KefuError

Resolve = Callable[[str, int], Awaitable[Sequence[str]]]
Refusal = Literal["url", "scheme", "userinfo", "host", "port", "address", "redirects"]
Failure = Literal["unresolved", "unreachable", "timeout", "protocol", "encoding", "too_large"]

_PORTS: Final = {"http": 80, "https": 443}
_UNSAFE: Final = re.compile(r"[\x00-\x20\x7f\\]")
_NUMBER: Final = re.compile(r"(?:\d+|0x[0-9a-f]*)", re.IGNORECASE)
_KEPT_ACROSS_ORIGINS: Final = frozenset({"accept", "accept-language", "user-agent"})
_NOT_PUBLIC: Final = tuple(
    ip_network(block)
    for block in (
        *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "168.63.129.16/32"),
        *("169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24"),
        *("192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/3"),
        *("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"),
    )
)
_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_UNICAST: Final = ip_network("2000::/3")
_NAT64: Final = ip_network("64:ff9b::/96")


class FetchRefused(KefuError):
    """The URL leads where this client does not go; nothing was sent there."""

    code = "fetch.refused"
    status = 422

    def __init__(self, reason: Refusal) -> None:
        super().__init__()
        self.reason = reason


class FetchFailed(KefuError):
    """The other side could not be reached, or its answer could not be taken."""

    code = "fetch.failed"
    status = 502

    def __init__(self, reason: Failure) -> None:
        super().__init__()
        self.reason = reason


class Limits(Struct, frozen=True):
    """How far one fetch goes. `seconds` covers all of it, redirects included;
    `connect_seconds` is what one address gets before the next is tried.
    """

    seconds: float = 10.0
    connect_seconds: float = 3.0
    size_bytes: int = 1_048_576
    redirects: int = 3
    addresses: int = 3
    ports: frozenset[int] = frozenset({80, 443})


class Answer(Struct, frozen=True):
    """What came back. Names of headers are in lower case."""

    status: int
    headers: dict[str, str]
    body: bytes


async def resolve(host: str, port: int) -> list[str]:
    """Return the addresses the system's resolver knows for host. Raises OSError if none."""
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(address[0]) for *_, address in found]


class Fetcher:
    """Sends requests under one set of limits; close it when done.

    allow: `host:port` as URLs name them, which may lie at any address and port.
    tls: what to trust instead of the public authorities.
    """

    def __init__(
        self,
        *,
        allow: Iterable[str] = (),
        limits: Limits | None = None,
        resolve: Resolve = resolve,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self.limits = limits or Limits()
        self._allow = frozenset(name.lower() for name in allow)
        self._resolve = resolve
        self._client = httpx.AsyncClient(
            verify=tls or True,
            trust_env=False,
            timeout=httpx.Timeout(self.limits.seconds, connect=self.limits.connect_seconds),
            headers={"User-Agent": "kefu", "Accept-Encoding": "identity"},
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
            # A kept connection is known by its address: it would serve another name of that
            # address, whose certificate it never saw.
            limits=httpx.Limits(max_connections=100, max_keepalive_connections=0),
        )

    async def fetch(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        body: bytes = b"",
        follow: bool = True,
    ) -> Answer:
        """Return the answer to one request, whatever its status.

        follow: whether a GET follows redirects; any other method gets the redirect as its
            answer. Another origin is not shown the headers.
        Raises FetchRefused, FetchFailed.
        """
        try:
            async with asyncio.timeout(self.limits.seconds):
                send = self._follow if follow and method == "GET" else self._once
                return await send(method, _parsed(url), dict(headers or {}), body)
        except TimeoutError:
            raise FetchFailed("timeout") from None

    async def _follow(
        self, method: str, url: httpx.URL, headers: dict[str, str], body: bytes
    ) -> Answer:
        for _ in range(self.limits.redirects + 1):
            answer = await self._once(method, url, headers, body)
            if answer.status not in _REDIRECTS or "location" not in answer.headers:
                return answer
            target = _parsed(answer.headers["location"], url)
            if url.scheme == "https" and target.scheme != "https":
                raise FetchRefused("scheme")
            if _origin(target) != _origin(url):
                headers = {k: v for k, v in headers.items() if k.lower() in _KEPT_ACROSS_ORIGINS}
            url = target
        raise FetchRefused("redirects")

    async def _once(
        self, method: str, url: httpx.URL, headers: dict[str, str], body: bytes
    ) -> Answer:
        """Return the answer of the first checked address that takes a connection."""
        for address in await self._addresses(url):
            try:
                return await self._send(method, url, address, headers, body)
            except (httpx.ConnectError, httpx.ConnectTimeout):
                continue
            except httpx.HTTPError:
                raise FetchFailed("protocol") from None
        raise FetchFailed("unreachable")

    async def _addresses(self, url: httpx.URL) -> Sequence[str]:
        """Return where the host of url may be reached. Raises FetchRefused."""
        host, port = url.raw_host.decode("ascii"), _port(url)
        allowed = f"{host}:{port}" in self._allow
        if not allowed and port not in self.limits.ports:
            raise FetchRefused("port")
        found = await self._found(host, port)
        if not allowed and not all(is_public(address) for address in found):
            raise FetchRefused("address")
        return found[: self.limits.addresses]

    async def _found(self, host: str, port: int) -> Sequence[str]:
        if _is_address(host):
            return [host]
        if _NUMBER.fullmatch(host.rstrip(".").rpartition(".")[2]):
            raise FetchRefused("host")  # 127.1, 0x7f000001 and the like: addresses in disguise
        try:
            found = await self._resolve(host, port)
        except (OSError, UnicodeError):
            raise FetchFailed("unresolved") from None
        if not found:
            raise FetchFailed("unresolved")
        return found

    async def _send(
        self, method: str, url: httpx.URL, address: str, headers: dict[str, str], body: bytes
    ) -> Answer:
        request = self._client.build_request(
            method,
            url.copy_with(host=address),
            headers=headers | {"Host": url.netloc.decode("ascii")},
            content=body or None,
            extensions={"sni_hostname": url.raw_host.decode("ascii")},
        )
        response = await self._client.send(request, stream=True)
        try:
            return Answer(response.status_code, _headers(response), await self._body(response))
        finally:
            await response.aclose()

    async def _body(self, response: httpx.Response) -> bytes:
        """Return the body as it was sent; a compressed one could grow past any limit."""
        if response.headers.get("content-encoding", "identity").lower() != "identity":
            raise FetchFailed("encoding")
        body = bytearray()
        async for chunk in response.aiter_raw():
            body += chunk
            if len(body) > self.limits.size_bytes:
                raise FetchFailed("too_large")
        return bytes(body)

    async def close(self) -> None:
        """Close what is still open."""
        await self._client.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()


def is_public(address: str) -> bool:
    """Return whether address is one of the public internet.

    Private, shared, loopback, link-local, multicast, reserved and documentation ranges are
    not, nor are IPv6 forms that hold another address, except NAT64 of a public one.
    Source: the IANA special-purpose registries; 168.63.129.16 is a cloud's inner address.
    """
    try:
        parsed = ip_address(address)
    except ValueError:
        return False
    if isinstance(parsed, IPv6Address):
        if parsed.scope_id is not None:
            return False
        if parsed in _NAT64:
            parsed = IPv4Address(parsed.packed[-4:])
        elif parsed not in _UNICAST:
            return False
    return not any(parsed in block for block in _NOT_PUBLIC)


def _parsed(url: str, base: httpx.URL | None = None) -> httpx.URL:
    """Return url, relative to base, if its form is one we go to. Raises FetchRefused."""
    if _UNSAFE.search(url):
        raise FetchRefused("url")
    try:
        parsed = base.join(url) if base else httpx.URL(url)
    except (httpx.InvalidURL, ValueError):
        raise FetchRefused("url") from None
    if parsed.scheme not in _PORTS:
        raise FetchRefused("scheme")
    if parsed.userinfo:
        raise FetchRefused("userinfo")
    if not parsed.raw_host:
        raise FetchRefused("host")
    return parsed.copy_with(fragment=None)


def _port(url: httpx.URL) -> int:
    return _PORTS[url.scheme] if url.port is None else url.port


def _origin(url: httpx.URL) -> tuple[str, bytes, int]:
    return url.scheme, url.raw_host, _port(url)


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _headers(response: httpx.Response) -> dict[str, str]:
    return {name.lower(): value for name, value in response.headers.items()}
