"""Tells the project's test runner of every test, and finds the hub that it has started."""

from __future__ import annotations

import json
import os
from typing import Iterator, Tuple

import pytest

from interpulse import Interpulse


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """One line of JSON for each test, in the file that INTERPULSE_TEST_REPORT names."""
    path = os.environ.get("INTERPULSE_TEST_REPORT")
    is_end = report.when == "call" or (report.when == "setup" and not report.passed)
    is_late_failure = report.when == "teardown" and report.failed
    if path is None or not (is_end or is_late_failure):
        return
    reason = ""
    if report.skipped and isinstance(report.longrepr, tuple):
        reason = report.longrepr[2]
    elif report.failed:
        reason = report.longreprtext
    name = report.nodeid + (" (teardown)" if is_late_failure else "")
    line = {"name": name, "outcome": report.outcome, "reason": reason}
    with open(path, "a", encoding="utf-8") as file:
        file.write(json.dumps(line) + "\n")


@pytest.fixture(scope="session")
def hub_address() -> Tuple[str, str]:
    """Address and token of a hub with two sites."""
    url, token = os.environ.get("INTERPULSE_TEST_URL"), os.environ.get("INTERPULSE_TEST_TOKEN")
    if not url or not token:
        pytest.skip("no hub: tests/e2e/python-client.test.ts starts one")
    return url, token


@pytest.fixture(scope="module")
def hub(hub_address: Tuple[str, str]) -> Iterator[Interpulse]:
    """A client of that hub."""
    with Interpulse(*hub_address) as client:
        yield client


@pytest.fixture
def anyio_backend() -> str:
    """Coroutines run on asyncio."""
    return "asyncio"
