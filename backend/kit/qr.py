"""QR codes as SVG: for pages (no inline style, so the content policy holds) and for typst."""

import io
from functools import lru_cache

import segno


@lru_cache(maxsize=1000)  # drawing takes longer than all else of a page, and a dossier's page is opened again and again
def svg(text: str, *, border: int = 4) -> str:
    """Return a QR code of `text` as an `<svg>` element black on white in the dark theme too.

    It has a viewBox and no size: the stylesheet or the paper decides how large it is. The caller says in words what
    it holds, so it is hidden from readers. Error correction M (15 %): a slip is folded and gets dirty.

    Args:
        text: what scanning gives back, usually an address.
        border: quiet zone in modules; 4 is the norm, fewer only where the surroundings are empty anyway.

    Raises:
        segno.DataOverflowError: the text does not fit into a code.
    """
    out = io.BytesIO()
    segno.make(text, error="m", micro=False, boost_error=False).save(
        out, kind="svg", border=border, light="#fff", xmldecl=False, omitsize=True, svgclass=None, lineclass=None
    )
    return out.getvalue().decode().strip().replace("<svg ", '<svg aria-hidden="true" focusable="false" ', 1)
