import asyncio
import io
import os
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from pathlib import Path
from unittest import mock
from uuid import uuid4

import pytest
from PIL import Image

from backend.files import jobs, previews
from backend.files.checks import Rule
from backend.files.drawing import Picture
from backend.files.jobs import discard, preview, preview_ours, sweep
from backend.files.previews import Drawing
from backend.files.queries import FileKept, FileShown, files_of, find_picture
from backend.files.uploads import Owner, remove, store_upload
from backend.kit import clock
from backend.kit.database import execute, fetch, fetch_value, unit_of_work
from backend.kit.formats import MEGABYTE
from storage import NoSuchObject, open_store
from storage.local import LocalStore
from tests.files import samples
from tests.files.conftest import kept_objects
from tests.files.samples import sent

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("db", "objects")]


async def uploaded(content: bytes, belongs: Owner) -> FileKept:
    return await store_upload(sent(content), "x", belongs, Rule())


async def shown(belongs: Owner) -> FileShown:
    [file] = await files_of(belongs.subject_kind, belongs.subject)
    return file


async def read(objects: Path, name: str) -> bytes:
    return b"".join([piece async for piece in LocalStore(objects).open(name)])


async def test_each_page_gets_a_picture_and_a_tile(belongs: Owner, objects: Path) -> None:
    file = await uploaded(samples.pdf(3), belongs)
    await preview({"file": str(file.id)})
    seen = await shown(belongs)
    assert seen.pages == 3
    assert not seen.waiting
    assert [(picture.page, picture.width, picture.height) for picture in seen.pictures] == [
        (1, 990, 1400),
        (2, 990, 1400),
        (3, 990, 1400),
    ]
    picture = await find_picture(file.id, 2)
    assert picture is not None
    assert Image.open(io.BytesIO(await read(objects, picture.object_name))).size == (990, 1400)
    assert Image.open(io.BytesIO(await read(objects, picture.tile_object_name))).size == (168, 224)
    assert await find_picture(file.id, 4) is None


async def test_a_job_done_twice_makes_no_second_picture(belongs: Owner, objects: Path) -> None:
    file = await uploaded(samples.pdf(2), belongs)
    await preview({"file": str(file.id)})
    before = kept_objects(objects)
    await preview({"file": str(file.id)})
    assert kept_objects(objects) == before


async def test_two_workers_with_the_same_job_keep_one_picture_a_page(belongs: Owner, objects: Path) -> None:
    file = await uploaded(samples.pdf(2), belongs)
    await asyncio.gather(*(preview({"file": str(file.id)}) for _ in range(3)))
    assert len((await shown(belongs)).pictures) == 2
    assert len(kept_objects(objects)) == 1 + 2 * 2


async def test_a_job_that_was_cut_off_goes_on_where_it_stopped(belongs: Owner, objects: Path) -> None:
    file = await uploaded(samples.pdf(3), belongs)
    await preview({"file": str(file.id)})
    await execute("delete from file_preview where page > 1")
    await execute("update file set pages = null")
    await preview({"file": str(file.id)})
    assert [picture.page for picture in (await shown(belongs)).pictures] == [1, 2, 3]


async def test_a_file_that_cannot_be_drawn_says_so_and_is_kept(belongs: Owner, objects: Path) -> None:
    file = await uploaded(samples.pdf(), belongs)
    await LocalStore(objects).put(file.object_name, sent(b"%PDF-1.7 and nothing more"))
    await preview({"file": str(file.id)})
    seen = await shown(belongs)
    assert (seen.pages, seen.pictures) == (0, [])
    assert kept_objects(objects) == [file.object_name]


async def test_a_file_of_ours_is_drawn_as_any_other(belongs: Owner) -> None:
    ours, other = await uploaded(samples.pdf(2), belongs), await uploaded(samples.pdf(2, 600), belongs)
    await preview_ours(ours.id)
    await preview({"file": str(other.id)})
    first, second = await files_of(belongs.subject_kind, belongs.subject)
    assert (first.pages, len(first.pictures)) == (second.pages, len(second.pictures)) == (2, 2)


@pytest.mark.parametrize("made", [samples.endless_pdf, samples.swelling_pdf])
async def test_behind_a_file_that_would_draw_for_ever_or_eat_the_memory_a_good_one_still_gets_its_pictures(
    belongs: Owner, objects: Path, monkeypatch: pytest.MonkeyPatch, made: Callable[[], bytes]
) -> None:
    monkeypatch.setattr(previews, "PAGE_S", 1)
    monkeypatch.setattr(previews, "MEMORY", 400 * MEGABYTE)
    stuck, good = await uploaded(made(), belongs), await uploaded(samples.pdf(), belongs)
    await asyncio.wait_for(asyncio.gather(*(preview({"file": str(file.id)}) for file in (stuck, good))), 60)
    assert [(file.id, file.pages, len(file.pictures)) for file in await files_of("dossier", belongs.subject)] == [
        (stuck.id, 0, 0),
        (good.id, 1, 1),
    ]


async def test_pictures_that_are_ready_are_told_to_the_person_and_the_office(belongs: Owner) -> None:
    file = await uploaded(samples.image(), belongs)
    await preview({"file": str(file.id)})
    told = {(row["topic"], row["subject"]) for row in await fetch("select topic, subject from live_event")}
    subject = f"dossier-{belongs.subject}"
    assert told == {(f"person:{belongs.uploaded_by}", subject), (f"agency:{belongs.agency}", subject)}


async def test_an_object_that_is_missing_is_tried_again_later(belongs: Owner, objects: Path) -> None:
    file = await uploaded(samples.image(), belongs)
    await LocalStore(objects).delete(file.object_name)
    with pytest.raises(NoSuchObject):
        await preview({"file": str(file.id)})
    assert (await shown(belongs)).waiting


async def test_a_picture_whose_row_was_not_written_leaves_no_object(
    belongs: Owner, objects: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = await uploaded(samples.image(), belongs)
    monkeypatch.setattr(jobs, "_insert", mock.AsyncMock(side_effect=KeyError))
    with pytest.raises(KeyError):
        await preview({"file": str(file.id)})
    assert kept_objects(objects) == [file.object_name]


async def test_a_removed_file_loses_its_objects_and_keeps_its_trace(belongs: Owner, objects: Path) -> None:
    file = await uploaded(samples.pdf(2), belongs)
    await preview({"file": str(file.id)})
    async with unit_of_work():
        await remove(file.id)
    await discard({"file": str(file.id)})
    await discard({"file": str(file.id)})
    assert kept_objects(objects) == []
    assert await fetch_value("select count(*) from file_preview") == 0
    assert await fetch_value("select removed_at is not null from file where id = $1", file.id)


async def test_a_file_that_stays_is_never_discarded(belongs: Owner, objects: Path) -> None:
    file = await uploaded(samples.pdf(), belongs)
    await discard({"file": str(file.id)})
    assert kept_objects(objects) == [file.object_name]


async def test_a_file_removed_while_it_is_drawn_gets_no_picture(
    belongs: Owner, objects: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = await uploaded(samples.pdf(2), belongs)
    draw = Drawing.pictures

    async def drawn(drawing: Drawing) -> AsyncIterator[Picture]:
        async for picture in draw(drawing):
            if picture.page == 2:
                async with unit_of_work():
                    await remove(file.id)
                await discard({"file": str(file.id)})
            yield picture

    monkeypatch.setattr(Drawing, "pictures", drawn)
    await preview({"file": str(file.id)})
    await discard({"file": str(file.id)})
    assert kept_objects(objects) == []
    assert await fetch_value("select count(*) from file_preview") == 0


async def test_a_job_for_a_file_nobody_knows_does_nothing() -> None:
    await preview({"file": str(uuid4())})
    await discard({"file": str(uuid4())})


async def put_days_ago(objects: Path, days: float) -> str:
    """An object without a row, as a killed process leaves it."""
    name = str(uuid4())
    await LocalStore(objects).put(name, sent(b"x"))
    age(objects, name, days)
    return name


def age(objects: Path, name: str, days: float) -> None:
    moment = (clock.now() - timedelta(days=days)).timestamp()
    os.utime(next(objects.rglob(name)), (moment, moment))


async def test_the_sweep_takes_what_a_killed_process_left_and_nothing_else(belongs: Owner, objects: Path) -> None:
    file = await uploaded(samples.pdf(2), belongs)
    await preview({"file": str(file.id)})
    for name in kept_objects(objects):
        age(objects, name, 2)
    kept = kept_objects(objects)
    orphan, fresh, older = [await put_days_ago(objects, days) for days in (2, 0.1, 30)]
    await sweep()
    assert kept_objects(objects) == sorted([*kept, fresh, older])
    assert orphan not in kept_objects(objects)


async def test_the_sweep_leaves_the_store_of_another_database_alone(objects: Path) -> None:
    foreign = [await put_days_ago(objects, 2) for _ in range(25)]
    await sweep()
    assert kept_objects(objects) == sorted(foreign)


async def test_the_jobs_work_on_the_store_of_the_settings(objects: Path) -> None:
    from backend.kit import settings

    store = open_store(settings.current())
    assert isinstance(store, LocalStore)
    assert store.folder == objects
