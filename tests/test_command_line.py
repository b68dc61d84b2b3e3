"""`motcua`: every verb explains itself, and what an operator can mend is one sentence."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from backend.command_line import main
from backend.kit.settings import PROJECT, VARIABLES
from tests.conftest import Cluster


def say(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments)


@pytest.mark.parametrize("verb", [name for name, command in main.commands.items() if not command.hidden])
def test_a_verb_explains_itself(verb: str) -> None:
    asked = say(verb, "--help")
    assert asked.exit_code == 0
    assert len(asked.output.splitlines()) > 3


def test_the_verbs_of_an_office_are_there() -> None:
    listed = say("--help").output
    for verb in ("run", "serve", "worker", "migrate", "settings", "import-procedures", "create-officer", "demo"):
        assert f"  {verb} " in listed
    assert "  verify-history " in listed


def test_settings_lists_every_variable_with_default_and_meaning() -> None:
    listed = say("settings").output
    for variable in VARIABLES:
        assert variable.name in listed
        assert variable.default in listed
        assert variable.meaning in listed


@pytest.mark.parametrize("verb", ["run", "serve", "worker", "migrate", "demo", "verify-history", "settings"])
def test_a_wrong_setting_is_refused_by_name_at_start(verb: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "backend.command_line", verb],
        env=os.environ | {"MOTCUA_PORT": "none"},
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.startswith("MOTCUA_PORT: expected a number from 1 to 65535")
    assert "Traceback" not in done.stderr


@pytest.fixture
def database(anyio_backend: str, migrated: Cluster) -> Cluster:
    """The tests' server with its tables; the verbs open pools of their own."""
    return migrated


def test_a_refused_import_names_the_line_and_the_field(database: Cluster, tmp_path: Path) -> None:
    file = tmp_path / "procedures.json"
    file.write_text('{\n "procedures": [\n  {"code": 7}\n ]\n}')
    done = say("import-procedures", str(file))
    assert done.exit_code == 1
    assert "line 3, " in done.output
    assert "procedures[0]" in done.output


def test_a_refused_calendar_names_the_line(database: Cluster, tmp_path: Path) -> None:
    file = tmp_path / "2031.json"
    day = '{"date": "2031-01-01",\n   "kind": "feast", "name": "Tết"}'
    file.write_text('{\n "years": [{"year": 2031, "status": "confirmed"}],\n "days": [\n  ' + day + "]}")
    done = say("import-calendar", str(file))
    assert done.exit_code == 1
    assert "line 5, days[0].kind" in done.output
    file.write_text("{\n oops")
    assert "line 2: no JSON" in say("import-calendar", str(file)).output


def test_the_shipped_calendar_is_imported_again_as_it_is(database: Cluster) -> None:
    done = say("import-calendar", str(PROJECT / "backend" / "agencies" / "data" / "holidays.json"))
    assert done.exit_code == 0, done.output
    assert "days of the national calendar are in force" in done.output


def test_the_catalogue_is_imported_once(database: Cluster) -> None:
    file = str(PROJECT / "backend" / "procedures" / "data" / "procedures.json")
    assert say("import-procedures", file).exit_code == 0
    assert "0 new procedures, 0 new versions, 60 unchanged" in say("import-procedures", file).output


def test_an_officer_of_an_unknown_agency_is_refused_in_a_sentence(database: Cluster) -> None:
    arguments = ["--agency", "X", "--name", "Lan", "--phone", "0912345678", "--role", "clerk", "--password", "x" * 12]
    done = say("create-officer", *arguments)
    assert done.exit_code == 1
    assert "no agency has the code X" in done.output


def test_whole_history_is_said_to_be_whole(database: Cluster) -> None:
    done = say("verify-history")
    assert done.exit_code == 0
    assert "0 faults found" in done.output
