"""Taking published procedures in: one JSON document or JSON Lines, all or nothing, as versions."""

import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

import msgspec

from backend.forms.definition import COMPOSITES, FieldType, Form, Option, composite, option_sets
from backend.kit import clock
from backend.kit.database import Connection, new_id, unit_of_work
from backend.procedures import checking
from backend.procedures.definition import Procedure, Source, Version
from backend.procedures.places import line_of, too_deep

SHIPPED = Path(__file__).parent / "data" / "procedures.json"
"""The sixty procedures that come with the product."""

_MOST_FAULTS = 50
# The shipped catalogue goes a dozen deep; what goes on for ever would break the reader here and every page after.
_DEEPEST = 64
_NUL = re.compile(r"\x00|(?<!\\)(?:\\\\)*\\u0000")

IN_FORCE = """
select distinct on (code) id, code, definition from procedure_version
order by code, (valid_from is null or valid_from <= $1) desc,
    case when valid_from is null or valid_from <= $1 then number else -number end desc
"""
"""The version of each procedure in force on day $1: the newest whose first day has come, else the first that will be."""


class Fault(msgspec.Struct, frozen=True):
    """One mistake: the line it stands on (from 1), the field, and what is wrong."""

    line: int
    field: str
    sentence: str

    def __str__(self) -> str:
        """The fault as a line for the operator."""
        return (
            f"line {self.line}, {self.field}: {self.sentence}" if self.field else f"line {self.line}: {self.sentence}"
        )


class ImportRefused(Exception):
    """Nothing was imported; `faults` says why."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("\n".join(map(str, faults)))
        self.faults = tuple(faults)


class Imported(msgspec.Struct, frozen=True):
    """What an import did: codes that are new, that got a further version, and how many stayed as they were."""

    new: tuple[str, ...]
    changed: tuple[str, ...]
    unchanged: int

    @property
    def text(self) -> str:
        """The import as a line for the operator."""
        return f"{len(self.new)} new procedures, {len(self.changed)} new versions, {self.unchanged} unchanged"


class Commons(msgspec.Struct, frozen=True):
    """What a document's procedures share and JSON Lines do not carry; kept from the last document that had it."""

    default_form: Form | None = None
    option_sets: dict[str, tuple[Option, ...]] = {}


class _Head(msgspec.Struct):
    procedures: list[msgspec.Raw] | None = None


class _Raw(msgspec.Struct):
    """One procedure before decoding: where its text begins, and its path in the document."""

    text: str
    line: int
    path: str


class _Text:
    """The file: its procedures as text, and where each of them stands."""

    def __init__(self, source: bytes) -> None:
        self.common = Source()
        self.raws: list[_Raw] = []
        try:
            self._text = source.decode("utf-8-sig")  # some editors begin a file with a mark
        except UnicodeDecodeError as error:
            raise ImportRefused([Fault(source.count(b"\n", 0, error.start) + 1, "", "the file is not UTF-8")]) from None
        if nul := _NUL.search(self._text):
            line = self._text.count("\n", 0, nul.start()) + 1
            raise ImportRefused([Fault(line, "", "a text holds the character NUL, which the database does not keep")])
        try:
            self._take_apart()
        except RecursionError:
            self._refuse_too_deep(self._text, 0)
            raise

    def _take_apart(self) -> None:
        head = self._whole()
        if head is None:
            self.raws = list(self._lines())
            for raw in self.raws:
                self._refuse_too_deep(raw.text, raw.line - 1)
            return
        self._refuse_too_deep(self._text, 0)
        if head.procedures is None:
            self.raws = [_Raw(self._text, 1, "")]
        else:
            self._document(head.procedures)
        if not self.raws:
            raise ImportRefused([Fault(1, "procedures", "there is no procedure in the file")])

    @staticmethod
    def _refuse_too_deep(text: str, before: int) -> None:
        line = too_deep(text, _DEEPEST)
        if line is not None:
            raise ImportRefused([Fault(before + line, "", f"lists and objects stand more than {_DEEPEST} deep")])

    def _whole(self) -> _Head | None:
        """The file as one JSON value; None when it is one value a line."""
        try:
            return msgspec.json.decode(self._text, type=_Head)
        except msgspec.ValidationError as error:
            raise ImportRefused([_fault(self._text, error)]) from None
        except msgspec.DecodeError:
            lines = [line for line in self._text.splitlines() if line.strip()]
            if len(lines) > 1 and all(line.lstrip().startswith("{") for line in lines):
                return None
        try:
            json.loads(self._text)
        except json.JSONDecodeError as error:
            raise ImportRefused([Fault(error.lineno, "", f"no JSON: {error.msg}")]) from None
        raise ImportRefused([Fault(1, "", "neither a document nor JSON Lines")])

    def _document(self, procedures: list[msgspec.Raw]) -> None:
        shared = {name: value for name, value in json.loads(self._text).items() if name != "procedures"}
        try:
            self.common = msgspec.convert(shared, Source)
        except msgspec.ValidationError as error:
            raise ImportRefused([_fault(self._text, error)]) from None
        for name, parts in self.common.composites.items():
            known = {part.key for part in composite(FieldType(name))} if name in COMPOSITES else set()
            for place, part in enumerate(parts.parts):
                if part.key not in known:
                    path = f"composites.{name}.parts[{place}]"
                    raise ImportRefused([Fault(line_of(self._text, path), path, f"nobody knows a part `{part.key}`")])
        line = line_of(self._text, "procedures[0]")
        at = 0
        for place, raw in enumerate(procedures):
            text = bytes(raw).decode()
            found = self._text.index(text, at)
            line = self._text.count("\n", 0, found) + 1 if not place else line + self._text.count("\n", at, found)
            self.raws.append(_Raw(text, line, f"procedures[{place}]"))
            line += text.count("\n")
            at = found + len(text)

    def _lines(self) -> Iterator[_Raw]:
        faults = []
        for number, text in enumerate(self._text.splitlines(), 1):
            if not text.strip():
                continue
            try:
                json.loads(text)
            except json.JSONDecodeError as error:
                faults.append(Fault(number, "", f"no JSON: {error.msg}"))
            yield _Raw(text, number, "")
        if faults:
            raise ImportRefused(faults[:_MOST_FAULTS])


def read_document(source: bytes, kept: Commons = Commons()) -> tuple[list[Version], Commons]:  # noqa: B008 - frozen
    """Decode and check a whole file without touching the database.

    Args:
        source: one JSON document or JSON Lines.
        kept: what an earlier document shared, for procedures without a form in JSON Lines.

    Raises:
        ImportRefused: naming line and field of everything that is wrong.
    """
    text = _Text(source)
    commons = Commons(text.common.default_form or kept.default_form, text.common.option_sets or kept.option_sets)
    versions: list[Version] = []
    faults: list[Fault] = []
    places: dict[str, _Raw] = {}
    for raw in text.raws:
        try:
            procedure = msgspec.json.decode(raw.text, type=Procedure)
        except msgspec.ValidationError as error:
            faults.append(_fault(raw.text, error, raw.line - 1, raw.path))
            continue
        version = _version(procedure, commons)
        versions.append(version)
        places[procedure.code] = raw
        for path, sentence in checking.faults(version):
            line = raw.line - 1 + line_of(raw.text, path)
            faults.append(Fault(line, _join(raw.path, path), f"{procedure.code}: {sentence}"))
    for code, times in Counter(version.code for version in versions).items():
        if times > 1:
            raw = places[code]
            faults.append(Fault(raw.line, _join(raw.path, "code"), f"`{code}` stands {times} times"))
    if faults:
        raise ImportRefused(sorted(faults, key=lambda fault: fault.line)[:_MOST_FAULTS])
    return versions, commons


def _fault(text: str, error: msgspec.ValidationError, before: int = 0, prefix: str = "") -> Fault:
    """A mistake msgspec found: its message ends with the path, which gives the line."""
    sentence, _, path = str(error).partition(" - at `")
    field = path.rstrip("`").removeprefix("$").lstrip(".")
    return Fault(before + line_of(text, field), _join(prefix, field), sentence)


def _join(prefix: str, path: str) -> str:
    return f"{prefix}.{path}" if prefix and path else prefix or path


def _version(procedure: Procedure, commons: Commons) -> Version:
    """The procedure as a version keeps it: with the default form of its day, option sets of the document put in."""
    own = {name: options for name, options in commons.option_sets.items() if option_sets().get(name) != options}
    form = _with_options(procedure.form, own) if procedure.form else None
    default = _with_options(commons.default_form, own) if commons.default_form and not procedure.form else None
    return version_with(msgspec.structs.replace(procedure, form=form), default)


def version_with(procedure: Procedure, default_form: Form | None) -> Version:
    """Return the procedure as a version, with the default form where it has none of its own."""
    return Version(**msgspec.structs.asdict(procedure), default_form=None if procedure.form else default_form)


def _with_options(form: Form, own: dict[str, tuple[Option, ...]]) -> Form:
    if not own:
        return form
    plain = msgspec.to_builtins(form)
    _put_options(plain, own)
    return msgspec.convert(plain, Form)


def _put_options(place: Any, own: dict[str, tuple[Option, ...]]) -> None:
    if isinstance(place, list):
        for inner in place:
            _put_options(inner, own)
    elif isinstance(place, dict):
        if place.get("options_from") in own:
            place["options"] = msgspec.to_builtins(own[place.pop("options_from")])
        for inner in place.values():
            _put_options(inner, own)


async def import_document(path: Path) -> Imported:
    """Import a file as versions, in one unit of work: everything in it, or nothing.

    A procedure whose definition is unchanged gets no new version; what is not in the file stays.

    Raises:
        ImportRefused: naming line and field of everything that is wrong.
        OSError: the file cannot be read.
    """
    return await import_bytes(path.read_bytes())


async def import_bytes(source: bytes) -> Imported:
    """As `import_document`, of a file already read."""
    async with unit_of_work() as connection:
        # One import at a time; readers see the old catalogue until this one is committed.
        await connection.execute(
            "insert into catalogue_state (id, stamp, commons) values (1, $1, '{}') on conflict (id) do nothing",
            new_id(),
        )
        kept = await connection.fetchval("select commons from catalogue_state where id = 1 for update")
        versions, commons = read_document(source, msgspec.json.decode(kept, type=Commons))
        imported = await _keep(connection, versions)
        if imported.new or imported.changed:
            await connection.execute(
                "update catalogue_state set stamp = $1, commons = $2 where id = 1",
                new_id(),
                msgspec.json.encode(commons).decode(),
            )
        return imported


async def _keep(connection: Connection, versions: Sequence[Version]) -> Imported:
    newest = {
        row["code"]: row
        for row in await connection.fetch(
            "select distinct on (code) code, number, digest from procedure_version order by code, number desc"
        )
    }
    new: list[str] = []
    changed: list[str] = []
    rows = []
    for version in versions:
        code = version.code
        text = msgspec.json.encode(version, order="deterministic")
        digest = sha256(text).digest()
        last = newest.get(code)
        if last is not None and last["digest"] == digest:
            continue
        (changed if last is not None else new).append(code)
        number = last["number"] + 1 if last is not None else 1
        rows.append(
            (new_id(), code, number, digest, text.decode(), version.valid_from, version.valid_to, clock.now())
        )  # fmt: skip
    await connection.executemany(
        "insert into procedure_version (id, code, number, digest, definition, valid_from, valid_to, imported_at)"
        " values ($1, $2, $3, $4, $5, $6, $7, $8)",
        rows,
    )
    await present(connection, clock.local(clock.now()).date())
    return Imported(tuple(new), tuple(changed), len(versions) - len(rows))


async def present(connection: Connection, today: date) -> int:
    """Let each procedure's row tell of the version in force on `today`; return how many rows changed."""
    rows = await connection.fetch(
        f"select v.id, v.definition from ({IN_FORCE}) v left join procedure p on p.code = v.code"
        " where p.current_version is distinct from v.id",
        today,
    )
    await connection.executemany(
        """
        insert into procedure (code, slug, name, plain_name, field_slug, field_name, synonyms, audience, channels,
            service_level, status, frequency, current_version)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
        on conflict (code) do update set slug = excluded.slug, name = excluded.name, plain_name = excluded.plain_name,
            field_slug = excluded.field_slug, field_name = excluded.field_name, synonyms = excluded.synonyms,
            audience = excluded.audience, channels = excluded.channels, service_level = excluded.service_level,
            status = excluded.status, frequency = excluded.frequency, current_version = excluded.current_version
        """,
        [_row(row["id"], msgspec.json.decode(row["definition"], type=Version)) for row in rows],
    )
    return len(rows)


def _row(version: Any, procedure: Procedure) -> tuple[Any, ...]:
    def listed(values: Sequence[str]) -> str:
        return msgspec.json.encode(list(values)).decode()

    return (
        procedure.code, procedure.slug, procedure.name, procedure.plain_name, procedure.field.slug,
        procedure.field.name, listed(procedure.synonyms), listed(procedure.audience),
        listed([rule.channel for rule in procedure.channels]), procedure.service_level, procedure.status,
        procedure.frequency, version,
    )  # fmt: skip
