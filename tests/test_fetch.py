"""The outbound client: where it goes, where it never goes, and what it takes back."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import pytest_asyncio
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from kefu.fetch import Fetcher, FetchFailed, FetchRefused, Limits, is_public

PUBLIC = ("93.184.216.34", "1.1.1.1", "168.63.129.15", "2606:4700::1111", "64:ff9b::101:101")
NOT_PUBLIC = (
    *("0.0.0.0", "0.1.2.3", "10.0.0.1", "100.64.0.1", "100.100.100.200", "127.0.0.1", "127.8.8.8"),
    *("168.63.129.16", "169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.1"),
    *("192.168.1.1", "198.18.0.1", "203.0.113.9", "224.0.0.1", "239.255.255.250", "240.0.0.1"),
    *("255.255.255.255", "::", "::1", "::ffff:127.0.0.1", "::ffff:8.8.8.8", "::127.0.0.1"),
    *("fe80::1", "fe80::1%eth0", "fc00::1", "fd00:ec2::254", "ff02::1", "2001:db8::1"),
    *("2001::1", "2002:7f00:1::", "64:ff9b::7f00:1", "64:ff9b:1::1", "fec0::1", "localhost", ""),
)


@pytest.mark.parametrize("address", PUBLIC)
def test_a_public_address_is_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize("address", NOT_PUBLIC)
def test_every_other_address_is_not(address: str) -> None:
    assert not is_public(address)


class Server:
    """A real HTTP server on loopback: answers by path, remembers what it was asked."""

    def __init__(self) -> None:
        self.heads: list[str] = []
        self.bodies: list[bytes] = []
        self.answers: dict[str, bytes] = {}
        self.names: list[str | None] = []
        self.port = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        self.heads.append(head)
        length = [
            int(x[16:]) for x in head.lower().split("\r\n") if x.startswith("content-length:")
        ]
        self.bodies.append(await reader.readexactly(length[0] if length else 0))
        path = head.split(" ")[1]
        if path == "/slow":
            await asyncio.sleep(5)
        writer.write(self.answers.get(path) or answer(f"you asked for {path}"))
        writer.close()

    def url(self, path: str = "/", host: str = "desk.test", scheme: str = "http") -> str:
        return f"{scheme}://{host}:{self.port}{path}"

    def name(self, socket: ssl.SSLObject, name: str | None, _: ssl.SSLContext) -> None:
        self.names.append(name)


def answer(body: str, *headers: str, status: str = "200 OK") -> bytes:
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", "Connection: close", *headers]
    return ("\r\n".join(lines) + "\r\n\r\n" + body).encode()


def redirect(location: str, status: str = "302 Found") -> bytes:
    return answer("", f"Location: {location}", status=status)


@pytest_asyncio.fixture
async def server() -> AsyncIterator[Server]:
    made = Server()
    listening = await asyncio.start_server(made.serve, "127.0.0.1", 0)
    made.port = listening.sockets[0].getsockname()[1]
    yield made
    listening.close()


async def loopback(host: str, port: int) -> Sequence[str]:
    return ["127.0.0.1"]


async def public(host: str, port: int) -> Sequence[str]:
    return ["93.184.216.34"]


def fetcher(server: Server, *hosts: str, **limits: float) -> Fetcher:
    """A client for which `hosts` are the operator's own, and every name means loopback."""
    allow = [f"{host}:{server.port}" for host in hosts or ("desk.test",)]
    return Fetcher(allow=allow, resolve=loopback, limits=Limits(**limits))  # type: ignore[arg-type]


async def test_a_named_host_of_the_operator_is_reached_under_its_name(server: Server) -> None:
    async with fetcher(server) as client:
        got = await client.fetch("POST", server.url("/a?b=%2F"), headers={"X": "1"}, body=b"hello")
    assert (got.status, got.body) == (200, b"you asked for /a?b=%2F")
    assert f"host: desk.test:{server.port}\r\n" in server.heads[0].lower()
    assert server.bodies == [b"hello"]


HOSTILE = {
    "loopback": ("http://127.0.0.1/", "address"),
    "loopback by name": ("http://localhost/", "address"),
    "loopback by name with a dot": ("http://localhost./", "address"),
    "loopback in IPv6": ("http://[::1]/", "address"),
    "mapped IPv4": ("http://[::ffff:127.0.0.1]/", "address"),
    "mapped IPv4 in hexadecimal": ("http://[::ffff:7f00:1]/", "address"),
    "link-local with a zone": ("http://[fe80::1%25eth0]/", ("address", "url")),
    "private": ("https://10.1.2.3/", "address"),
    "shared": ("https://100.64.1.1/", "address"),
    "metadata": ("http://169.254.169.254/latest/meta-data/", "address"),
    "multicast": ("http://239.255.255.250/", "address"),
    "everything": ("http://0.0.0.0/", "address"),
    "decimal": ("http://2130706433/", "host"),
    "octal": ("http://0177.0.0.1/", ("url", "host")),
    "hexadecimal": ("http://0x7f.0.0.1/", "host"),
    "hexadecimal whole": ("http://0x7f000001/", "host"),
    "short": ("http://127.1/", "host"),
    "decimal with a dot": ("http://2130706433./", "host"),
    "full width digits": ("http://１２７.０.０.１/", ("url", "host", "address")),
    "enclosed digits": ("http://①②⑦.⓪.⓪.①/", ("url", "host", "address")),
    "another scheme": ("file:///etc/passwd", "scheme"),
    "gopher": ("gopher://127.0.0.1:70/_x", "scheme"),
    "no scheme": ("//127.0.0.1/", "scheme"),
    "no host": ("http:///x", "host"),
    "user information": ("http://example.com@127.0.0.1/", "userinfo"),
    "a password": ("http://a:b@example.com/", "userinfo"),
    "a backslash": ("http://example.com\\@127.0.0.1/", "url"),
    "a line break": ("http://example.com/\r\nHost: x", "url"),
    "a space": ("http://example.com /", "url"),
    "a tab in the scheme": ("ht\ttp://127.0.0.1/", "url"),
    "NUL": ("http://example.com\x00.test/", "url"),
    "port 0": ("http://example.com:0/", "port"),
    "mail": ("http://example.com:25/", "port"),
    "redis": ("http://example.com:6379/", "port"),
    "a port out of range": ("http://example.com:99999/", ("url", "port")),
    "empty": ("", "scheme"),
}


@pytest.mark.parametrize(("url", "reasons"), HOSTILE.values(), ids=HOSTILE)
async def test_a_hostile_url_is_refused(url: str, reasons: str | tuple[str, ...]) -> None:
    async with Fetcher(resolve=loopback) as client:
        with pytest.raises(FetchRefused) as refusal:
            await client.fetch("GET", url)
    assert refusal.value.reason in reasons


async def test_a_name_with_one_private_address_is_refused() -> None:
    async def mixed(host: str, port: int) -> Sequence[str]:
        return ["93.184.216.34", "10.0.0.1"]

    async with Fetcher(resolve=mixed) as client:
        with pytest.raises(FetchRefused):
            await client.fetch("GET", "http://rebind.test/")


async def test_a_name_is_resolved_once_and_the_connection_goes_there(server: Server) -> None:
    asked: list[str] = []

    async def once(host: str, port: int) -> Sequence[str]:
        asked.append(host)
        return ["127.0.0.1"] if len(asked) == 1 else ["10.0.0.1"]

    async with Fetcher(allow=[f"desk.test:{server.port}"], resolve=once) as client:
        assert (await client.fetch("GET", server.url())).status == 200
    assert asked == ["desk.test"]


async def test_the_next_address_is_tried_when_one_takes_no_connection(server: Server) -> None:
    async def two(host: str, port: int) -> Sequence[str]:
        return ["::1", "127.0.0.1"]

    async with Fetcher(allow=[f"desk.test:{server.port}"], resolve=two) as client:
        assert (await client.fetch("GET", server.url())).status == 200


async def test_an_allowed_host_opens_no_other_port(server: Server) -> None:
    async with Fetcher(allow=["desk.test:1"], resolve=public) as client:
        with pytest.raises(FetchRefused):
            await client.fetch("GET", server.url())


async def test_a_redirect_to_a_private_address_is_refused(server: Server) -> None:
    targets = ("http://127.0.0.1/", "http://169.254.169.254/", "http://2130706433/", "//10.0.0.1/x")
    async with fetcher(server) as client:
        for target in (*targets, "file:///etc/passwd", "http://a@desk.test/"):
            server.answers["/"] = redirect(target)
            with pytest.raises(FetchRefused):
                await client.fetch("GET", server.url())
    assert len(server.heads) == len(targets) + 2


async def test_three_redirects_are_followed_and_a_fourth_is_not(server: Server) -> None:
    for step in range(4):
        server.answers[f"/{step}"] = redirect(f"/{step + 1}", "301 Moved")
    async with fetcher(server) as client:
        assert (await client.fetch("GET", server.url("/1"))).body == b"you asked for /4"
        with pytest.raises(FetchRefused):
            await client.fetch("GET", server.url("/0"))


async def test_another_origin_is_not_shown_the_headers(server: Server) -> None:
    server.answers["/"] = redirect(server.url("/x", host="other.test"))
    async with fetcher(server, "desk.test", "other.test") as client:
        await client.fetch("GET", server.url(), headers={"Authorization": "secret", "Accept": "*"})
    assert ["secret" in head for head in server.heads] == [True, False]


async def test_a_post_is_not_sent_again_elsewhere(server: Server) -> None:
    server.answers["/"] = redirect("/other", "307 Temporary Redirect")
    async with fetcher(server) as client:
        assert (await client.fetch("POST", server.url(), body=b"x")).status == 307
    assert len(server.heads) == 1


async def test_cookies_are_not_kept(server: Server) -> None:
    server.answers["/"] = answer("", "Set-Cookie: session=1; Path=/")
    async with fetcher(server) as client:
        await client.fetch("GET", server.url())
        await client.fetch("GET", server.url())
    assert "cookie" not in server.heads[1].lower()


BROKEN = {
    "too large": (answer("x" * 2000), "too_large"),
    "too large in chunks": (
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n7d0\r\n"
        + b"x" * 2000
        + b"\r\n0\r\n\r\n",
        "too_large",
    ),
    "compressed unasked": (answer("xx", "Content-Encoding: gzip"), "encoding"),
    "no HTTP": (b"SSH-2.0-OpenSSH\r\n", "protocol"),
    "cut off": (b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nx", "protocol"),
}


@pytest.mark.parametrize(("sent", "reason"), BROKEN.values(), ids=BROKEN)
async def test_an_answer_that_cannot_be_taken_fails(
    server: Server, sent: bytes, reason: str
) -> None:
    server.answers["/"] = sent
    async with fetcher(server, size_bytes=1000) as client:
        with pytest.raises(FetchFailed) as failure:
            await client.fetch("GET", server.url())
    assert failure.value.reason == reason


async def test_a_slow_answer_is_not_waited_for(server: Server) -> None:
    async with fetcher(server, seconds=0.1) as client:
        with pytest.raises(FetchFailed) as failure:
            await client.fetch("GET", server.url("/slow"))
    assert failure.value.reason == "timeout"


async def test_a_name_without_address_and_a_closed_port_fail(server: Server) -> None:
    async def nowhere(host: str, port: int) -> Sequence[str]:
        raise OSError

    async with Fetcher(resolve=nowhere) as client:
        with pytest.raises(FetchFailed) as failure:
            await client.fetch("GET", "http://nowhere.test/")
    assert failure.value.reason == "unresolved"
    async with Fetcher(allow=["127.0.0.1:1"]) as client:
        with pytest.raises(FetchFailed) as failure:
            await client.fetch("GET", "http://127.0.0.1:1/")
    assert failure.value.reason == "unreachable"


def certificate(folder: Path, name: str) -> Path:
    """A certificate for name, signed by itself, with its key, in one PEM file."""
    key = generate_private_key(SECP256R1())
    issuer = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(issuer, issuer, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(key, SHA256())
    )
    path = folder / "certificate.pem"
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path.write_bytes(private + made.public_bytes(Encoding.PEM))
    return path


async def test_tls_checks_the_name_and_not_the_address(tmp_path: Path) -> None:
    pem, server = certificate(tmp_path, "desk.test"), Server()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    context.set_servername_callback(server.name)  # type: ignore[arg-type]
    listening = await asyncio.start_server(server.serve, "127.0.0.1", 0, ssl=context)
    server.port = listening.sockets[0].getsockname()[1]
    trusted = ssl.create_default_context(cafile=str(pem))
    allow = [f"{host}:{server.port}" for host in ("desk.test", "other.test")]
    async with Fetcher(allow=allow, resolve=loopback, tls=trusted) as client:
        assert (await client.fetch("GET", server.url(scheme="https"))).status == 200
        with pytest.raises(FetchFailed):
            await client.fetch("GET", server.url(host="other.test", scheme="https"))
    assert server.names == ["desk.test", "other.test"]
    listening.close()
