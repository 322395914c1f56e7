"""What the how-to says is what happens: its blocks run one after another."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path
from typing import Any, Dict, Tuple

import pytest

PAGE = Path(__file__).parents[3] / "docs" / "how-to" / "use-from-python.md"


def test_every_block_runs(
    hub_address: Tuple[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: Any
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("INTERPULSE_URL", hub_address[0])
    monkeypatch.setenv("INTERPULSE_TOKEN", hub_address[1])
    # Jobs take `python3` from the PATH; the client is in the environment of the tests.
    here = str(Path(sys.executable).parent)
    blocks = re.findall(r"```python\n(.*?)```", PAGE.read_text(), re.DOTALL)
    assert len(blocks) >= 8
    names: Dict[str, Any] = {}
    for block in blocks:
        text = block.replace('["python3",', f'["{here}/python3",')
        exec(compile(text, str(PAGE), "exec"), names)
    names["hub"].close()
    printed = capfd.readouterr().out
    assert "jobs.0.parameters.smooth" in printed and "no beam" in printed
    assert "{'completed': 19} []" in printed
    assert os.path.exists("answers/profile.txt")
