"""Where the hub is found."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Dict

import pytest

from interpulse import InterpulseError
from interpulse._connection import Connection, find_connection


@pytest.fixture
def environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Dict[str, str]:
    """A home with a profile for hub.example, in a folder without a hub."""
    monkeypatch.chdir(tmp_path)
    profile = tmp_path / "config" / "interpulse" / "config.json"
    profile.parent.mkdir(parents=True)
    profile.write_text(json.dumps({"url": "https://hub.example", "token": "ip_kept"}))
    return {"XDG_CONFIG_HOME": str(tmp_path / "config")}


def test_what_login_wrote_is_used(environment: Dict[str, str]) -> None:
    assert find_connection(environment=environment) == Connection("https://hub.example", "ip_kept")
    given = find_connection("hub.example:8080/", "ip_given", environment)
    assert given == Connection("http://hub.example:8080", "ip_given")


def test_a_token_only_goes_to_its_own_address(environment: Dict[str, str]) -> None:
    assert find_connection("https://other.example", environment=environment).token is None
    assert find_connection("https://hub.example/", environment=environment).token == "ip_kept"
    named = {**environment, "INTERPULSE_URL": "https://a.example", "INTERPULSE_TOKEN": "ip_a"}
    assert find_connection(environment=named) == Connection("https://a.example", "ip_a")
    assert find_connection("https://other.example", environment=named).token is None
    assert find_connection("https://a.example", environment=named).token == "ip_a"


def test_a_job_knows_the_hub_that_runs_it(environment: Dict[str, str]) -> None:
    within = {
        **environment,
        "INTERPULSE_URL": "https://somewhere.example",
        "INTERPULSE_HUB": "https://mine.example",
        "INTERPULSE_TOKEN": "ip_of_the_job",
    }
    found = find_connection(environment=within)
    assert found == Connection("https://mine.example", "ip_of_the_job")


def test_the_hub_of_this_folder_is_the_last_resort(
    environment: Dict[str, str], tmp_path: Path
) -> None:
    data = tmp_path / "interpulse-data"
    (data / "hub").mkdir(parents=True)
    (data / "hub" / "admin-token").write_text("ip_local\n")
    (data / "address.json").write_text('{"url":"http://127.0.0.1:9","pid":1}')
    assert find_connection(environment=environment).url == "https://hub.example"
    environment["XDG_CONFIG_HOME"] = str(tmp_path / "nowhere")
    assert find_connection(environment=environment) == Connection("http://127.0.0.1:9", "ip_local")


def test_no_hub_and_broken_profiles_say_what_to_do(
    environment: Dict[str, str], tmp_path: Path
) -> None:
    (tmp_path / "config" / "interpulse" / "config.json").write_text("{")
    with pytest.raises(InterpulseError, match="sign in again"):
        find_connection(environment=environment)
    with pytest.raises(InterpulseError, match="INTERPULSE_URL"):
        find_connection(environment={"XDG_CONFIG_HOME": str(tmp_path / "nowhere")})
