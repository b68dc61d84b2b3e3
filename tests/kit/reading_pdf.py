"""What a reader, a printer and an archive find in one of our PDFs."""

import io
import re

import pikepdf
import pypdfium2


def words(pdf: bytes) -> str:
    """All text in reading order, white space squeezed."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        text = " ".join(page.get_textpage().get_text_range() for page in document)
    finally:
        document.close()
    return re.sub(r"\s+", " ", text.replace("\u00a0", " ")).strip()


def fonts(pdf: bytes) -> set[str]:
    """The families embedded in the file, without subset tag and cut."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        names = [str(found.BaseFont) for found in document.objects if _is_font(found)]
    return {re.sub(r"^/(?:[A-Z]{6}\+)?|-.*$", "", name) for name in names}


def _is_font(found: pikepdf.Object) -> bool:
    return isinstance(found, pikepdf.Dictionary) and found.get("/Type") == "/Font"


def pages(pdf: bytes) -> int:
    with pikepdf.open(io.BytesIO(pdf)) as document:
        return len(document.pages)


def promises(pdf: bytes) -> dict[str, str | bool]:
    """What the file says of itself: archive level, accessibility, tags, language, title."""
    with pikepdf.open(io.BytesIO(pdf)) as document, document.open_metadata() as about:
        return {
            "archive": f"{about.get('pdfaid:part')}{about.get('pdfaid:conformance')}",
            "accessible": str(about.get("pdfuaid:part")),
            "tagged": bool(document.Root.get("/MarkInfo", {}).get("/Marked", False)),
            "language": str(document.Root.get("/Lang")),
            "title": str(about.get("dc:title")),
        }
