import asyncio
import hashlib
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import msgspec
import pytest

from backend.files import uploads
from backend.files.checks import Kind, Rule
from backend.files.queries import count_files, files_of, find_file
from backend.files.uploads import Owner, keep, pieces, received, remove, shown_name, store_upload
from backend.kit.database import fetch, fetch_value, unit_of_work
from backend.kit.errors import Invalid, Refused, TooLarge
from tests.files import samples
from tests.files.conftest import SLOT, kept_objects
from tests.files.samples import sent

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("db", "objects")]


async def jobs() -> list[str]:
    return [row["entrypoint"] for row in await fetch("select entrypoint from pgqueuer order by id")]


async def test_a_file_becomes_a_row_an_object_and_a_preview_job(belongs: Owner, objects: Path) -> None:
    content = samples.image()
    file = await store_upload(sent(content), "C:\\Ảnh\\giấy chứng sinh.jpg", belongs, Rule(), size=len(content))
    assert (file.name, file.media_type, file.size) == ("giấy chứng sinh.jpg", "image/jpeg", len(content))
    assert file.sha256 == hashlib.sha256(content).digest()
    assert (file.subject, file.slot, file.agency, file.uploaded_by) == (
        belongs.subject,
        SLOT,
        belongs.agency,
        belongs.uploaded_by,
    )
    assert await find_file(file.id) == file
    assert kept_objects(objects) == [file.object_name]
    assert await jobs() == ["files.preview"]


async def test_the_kind_is_told_by_content_whatever_the_name_says(belongs: Owner) -> None:
    assert (await store_upload(sent(samples.pdf()), "anh.jpg", belongs, Rule())).media_type == Kind.PDF


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (samples.SVG, "không mở được"),
        (samples.HTML, "không mở được"),
        (samples.ZIP, "không mở được"),
        (samples.image()[:1500], "không mở được"),
        (samples.locked_pdf(), "có mật khẩu"),
        (b"", "trống"),
        (b"%PDF", "không mở được"),
        (samples.image("WEBP"), "là WebP"),
    ],
    ids=["svg", "html", "zip", "half a photo", "locked", "empty", "four bytes", "not accepted"],
)
async def test_a_refused_file_leaves_no_row_no_object_and_no_job(
    content: bytes, words: str, belongs: Owner, objects: Path
) -> None:
    with pytest.raises(Invalid, match=words):
        await store_upload(sent(content), "x.pdf", belongs, Rule(accepts=("application/pdf", "image/jpeg")))
    assert await fetch_value("select count(*) from file") == 0
    assert kept_objects(objects) == []
    assert await jobs() == []


async def test_a_wrong_kind_is_refused_at_its_first_bytes(belongs: Owner) -> None:
    given = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal given
        while True:
            given += 1
            yield samples.HTML

    with pytest.raises(Invalid):
        await store_upload(endless(), "x.pdf", belongs, Rule())
    assert given <= 2


async def test_an_announced_size_too_large_is_refused_before_a_byte_is_read(belongs: Owner) -> None:
    async def never() -> AsyncIterator[bytes]:
        raise AssertionError("read although refused")
        yield b""

    with pytest.raises(TooLarge, match="Tệp 32 MB, tối đa 20 MB"):
        await store_upload(never(), "x.pdf", belongs, Rule(max_mb=20), size=32_000_000)


async def test_a_stream_longer_than_allowed_is_cut_and_forgotten(belongs: Owner, objects: Path) -> None:
    with pytest.raises(TooLarge, match="lớn hơn 1 MB"):
        await store_upload(sent(samples.pdf() + b"\n" * 1_100_000, 100_000), "x.pdf", belongs, Rule(max_mb=1))
    assert kept_objects(objects) == []


async def test_a_connection_that_breaks_leaves_nothing(belongs: Owner, objects: Path) -> None:
    async def breaking() -> AsyncIterator[bytes]:
        yield samples.image()[:2000]
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        await store_upload(breaking(), "x.jpg", belongs, Rule())
    assert kept_objects(objects) == []


async def test_a_unit_of_work_that_fails_takes_the_object_with_it(belongs: Owner, objects: Path) -> None:
    with pytest.raises(KeyError):
        async with received(sent(samples.image()), "x.jpg", Rule()) as upload, unit_of_work():
            await keep(upload, belongs, Rule())
            raise KeyError("the caller changed its mind")
    assert await fetch_value("select count(*) from file") == 0
    assert kept_objects(objects) == []
    assert await jobs() == []


async def test_while_the_outcome_is_not_known_no_object_is_deleted(
    belongs: Owner, objects: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(_: str) -> bool:
        raise ConnectionResetError("the database went away at COMMIT")

    monkeypatch.setattr(uploads, "is_kept_file", away)
    file = await store_upload(sent(samples.image()), "x.jpg", belongs, Rule())
    assert kept_objects(objects) == [file.object_name]


async def test_a_file_sent_again_for_want_of_an_answer_is_the_same_file(belongs: Owner, objects: Path) -> None:
    first = await store_upload(sent(samples.image()), "x.jpg", belongs, Rule(max_files=1))
    again = await store_upload(sent(samples.image()), "x.jpg", belongs, Rule(max_files=1))
    assert again == first
    assert kept_objects(objects) == [first.object_name]


async def test_the_same_content_in_another_slot_is_another_file(belongs: Owner) -> None:
    first = await store_upload(sent(samples.image()), "x.jpg", belongs, Rule())
    other = msgspec.structs.replace(belongs, slot="other")
    assert (await store_upload(sent(samples.image()), "x.jpg", other, Rule())).id != first.id


async def test_a_full_slot_takes_no_more(belongs: Owner, objects: Path) -> None:
    await store_upload(sent(samples.pdf(1)), "1.pdf", belongs, Rule(max_files=2))
    await store_upload(sent(samples.pdf(2)), "2.pdf", belongs, Rule(max_files=2))
    with pytest.raises(Refused, match="tối đa 2 tệp"):
        await store_upload(sent(samples.pdf(3)), "3.pdf", belongs, Rule(max_files=2))
    assert len(kept_objects(objects)) == 2


async def test_many_at_once_never_overfill_a_slot_and_get_places_of_their_own(belongs: Owner, objects: Path) -> None:
    rule = Rule(max_files=3)
    outcomes = await asyncio.gather(
        *(store_upload(sent(samples.pdf(1 + number)), f"{number}.pdf", belongs, rule) for number in range(8)),
        return_exceptions=True,
    )
    assert [type(outcome) for outcome in outcomes if isinstance(outcome, Exception)] == [Refused] * 5
    assert [file.position for file in await files_of("dossier", belongs.subject)] == [1, 2, 3]
    assert len(kept_objects(objects)) == 3


async def test_files_are_read_slot_by_slot_in_the_order_they_came(belongs: Owner) -> None:
    other = msgspec.structs.replace(belongs, slot="other")
    for number, whose in enumerate([belongs, other, belongs]):
        await store_upload(sent(samples.pdf(1 + number)), f"{number}.pdf", whose, Rule())
    first, *_rest = await files_of("dossier", belongs.subject, SLOT)
    assert [file.name for file in await files_of("dossier", belongs.subject, SLOT)] == ["0.pdf", "2.pdf"]
    assert [file.name for file in await files_of("dossier", belongs.subject, "other")] == ["1.pdf"]
    assert await files_of("dossier", uuid4()) == []
    assert first.waiting


async def test_a_removed_file_is_gone_and_makes_room(belongs: Owner) -> None:
    rule = Rule(max_files=1)
    file = await store_upload(sent(samples.pdf()), "x.pdf", belongs, rule)
    async with unit_of_work():
        assert await remove(file.id)
    async with unit_of_work():
        assert not await remove(file.id)
    assert await find_file(file.id) is None
    assert await count_files("dossier", belongs.subject, SLOT) == 0
    assert await jobs() == ["files.preview", "files.discard"]
    await store_upload(sent(samples.pdf()), "x.pdf", belongs, rule)


async def test_keeping_outside_a_unit_of_work_is_refused(belongs: Owner, objects: Path) -> None:
    async with received(sent(samples.pdf()), "x.pdf", Rule()) as upload:
        with pytest.raises(RuntimeError, match="unit_of_work"):
            await keep(upload, belongs, Rule())
    assert await fetch_value("select count(*) from file") == 0
    assert kept_objects(objects) == []


async def test_a_form_field_is_read_in_pieces() -> None:
    class Field:
        def __init__(self) -> None:
            self.left = b"x" * 10

        async def read(self, size: int = -1) -> bytes:
            piece, self.left = self.left[:size], self.left[size:]
            return piece

    assert [piece async for piece in pieces(Field(), 4)] == [b"xxxx", b"xxxx", b"xx"]


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("giấy.pdf", "giấy.pdf"),
        ("gia\u0302\u0301y.pdf", "giấy.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\Ha\\anh.jpg", "anh.jpg"),
        ("a\r\nSet-Cookie: x.pdf", "a Set-Cookie: x.pdf"),
        ("a\x00b.pdf", "ab.pdf"),
        ("", "tệp"),
        ("..", "tệp"),
        ("/", "tệp"),
        ("x" * 400 + ".pdf", "x" * 146 + ".pdf"),
    ],
)
async def test_a_name_is_made_fit_to_be_shown(given: str, shown: str) -> None:
    assert shown_name(given) == shown
