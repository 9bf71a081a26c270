"""One desk of its own process for all tests of pages and API."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import copy_of
from tests.desk_server import DeskServer


@pytest.fixture(scope="package")
def server(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[DeskServer]:
    folder = tmp_path_factory.mktemp("desk")
    with DeskServer(copy_of(sqlite_template, folder), folder) as running:
        yield running
