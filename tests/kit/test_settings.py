"""Every setting has a default that works, and a wrong one is refused by its name."""

import os
import stat
from pathlib import Path

import pytest

from backend.kit import settings
from backend.kit.settings import SettingsError, describe, doubts, load

OWNER = "postgresql://owner:one@db.example/motcua"
APP = "postgresql://app:two@db.example/motcua"


def read(tmp_path: Path, **given: str) -> settings.Settings:
    return load({"MOTCUA_VAR": str(tmp_path), **given})


def test_nothing_given_means_an_embedded_database_on_port_8000(tmp_path: Path) -> None:
    found = read(tmp_path)
    assert found.embedded
    assert (found.port, found.host, found.public_url) == (8000, "127.0.0.1", "http://localhost:8000")
    assert found.storage_path == tmp_path / "storage"
    assert found.worker_beside
    assert not found.secure


def test_the_public_address_follows_the_port_and_https_makes_it_secure(tmp_path: Path) -> None:
    assert read(tmp_path, MOTCUA_PORT="8123").public_url == "http://localhost:8123"
    found = read(tmp_path, MOTCUA_PUBLIC_URL="https://motcua.example.vn/")
    assert (found.public_url, found.secure) == ("https://motcua.example.vn", True)


def test_an_empty_variable_counts_as_not_given(tmp_path: Path) -> None:
    assert read(tmp_path, MOTCUA_PORT="", DATABASE_URL=" ").port == 8000


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "mysql://db/motcua"),
        ("MOTCUA_PORT", "eighty"),
        ("MOTCUA_PORT", "70000"),
        ("MOTCUA_HOST", "two words"),
        ("MOTCUA_PUBLIC_URL", "motcua.example.vn"),
        ("MOTCUA_PUBLIC_URL", "https://motcua.example.vn/path"),
        ("MOTCUA_PUBLIC_URL", "https://motcua.example.vn:port"),
        ("MOTCUA_VAR", "relative/folder"),
        ("MOTCUA_SECRET", "short"),
        ("MOTCUA_STORAGE_PATH", "/etc/hostname"),
        ("MOTCUA_SMTP_URL", "http://mail.example"),
        ("MOTCUA_MAIL_FROM", "nobody"),
        ("MOTCUA_WORKER", "maybe"),
        ("MOTCUA_PROCESSES", "0"),
        ("MOTCUA_POOL_SIZE", "1"),
        ("MOTCUA_TRUSTED_PROXIES", "10.0.0.300"),
        ("MOTCUA_LOG_LEVEL", "loud"),
        ("MOTCUA_LOG_FORMAT", "xml"),
        ("MOTCUA_DEMO", "perhaps"),
    ],
)
def test_a_wrong_value_is_refused_by_name(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=f"^{name}: expected "):
        read(tmp_path, **{name: value})


def test_the_owners_address_is_checked_as_well(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="^MOTCUA_OWNER_DATABASE_URL: expected "):
        read(tmp_path, DATABASE_URL=APP, MOTCUA_OWNER_DATABASE_URL="owner")


def test_a_misspelt_setting_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="MOTCUA_PROT: there is no such setting"):
        read(tmp_path, MOTCUA_PROT="8000")


def test_a_database_is_given_with_both_its_roles_or_not_at_all(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="^MOTCUA_OWNER_DATABASE_URL"):
        read(tmp_path, DATABASE_URL=APP)
    with pytest.raises(SettingsError, match="^DATABASE_URL"):
        read(tmp_path, MOTCUA_OWNER_DATABASE_URL=OWNER)
    assert not read(tmp_path, DATABASE_URL=APP, MOTCUA_OWNER_DATABASE_URL=OWNER).embedded


def test_mail_needs_a_sender(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="^MOTCUA_MAIL_FROM"):
        read(tmp_path, MOTCUA_SMTP_URL="smtp://mail.example")


def test_the_secret_is_made_once_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    first = read(tmp_path).secret
    assert len(first) >= 32
    assert read(tmp_path).secret == first
    assert stat.S_IMODE((tmp_path / "secret").stat().st_mode) == 0o600
    assert os.listdir(tmp_path) == ["secret"]


def test_a_secret_that_is_given_is_not_kept(tmp_path: Path) -> None:
    assert read(tmp_path, MOTCUA_SECRET="s" * 32).secret == b"s" * 32
    assert os.listdir(tmp_path) == []


def test_a_refusal_does_not_repeat_a_password(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as refusal:
        read(tmp_path, DATABASE_URL="mysql://me:hunter2@db/motcua")
    assert "hunter2" not in str(refusal.value)


def test_the_list_names_every_variable_and_hides_passwords() -> None:
    rows = {row.name: row for row in describe({"DATABASE_URL": APP, "MOTCUA_PORT": "81"})}
    assert {variable.name for variable in settings.VARIABLES} == set(rows)
    assert {variable.field for variable in settings.VARIABLES} == set(settings.Settings.__struct_fields__)
    assert rows["MOTCUA_PORT"].value == "81"
    assert "two" not in str(rows["DATABASE_URL"].value)
    assert all(row.meaning and row.default and row.expected for row in rows.values())


def test_a_test_may_use_other_settings_for_a_while(tmp_path: Path) -> None:
    before = settings.current()
    with settings.use(read(tmp_path, MOTCUA_PORT="8999")):
        assert settings.current().port == 8999
    assert settings.current() is before


def test_behind_a_proxy_that_nobody_trusts_the_operator_is_told(tmp_path: Path) -> None:
    assert doubts(read(tmp_path)) == []
    (doubt,) = doubts(read(tmp_path, MOTCUA_PUBLIC_URL="https://motcua.example.vn"))
    assert "MOTCUA_TRUSTED_PROXIES" in doubt
    trusting = read(tmp_path, MOTCUA_PUBLIC_URL="https://motcua.example.vn", MOTCUA_TRUSTED_PROXIES="127.0.0.1")
    assert doubts(trusting) == []
