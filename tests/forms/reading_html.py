"""A page of a form read as a browser and a screen reader would: ids, labels, names, targets."""

import json
import re
from html.parser import HTMLParser
from typing import Any

VOID = {"input", "br", "meta", "link", "use", "img"}
TYPED = {"input", "select", "textarea"}


class Element:
    """One element with its attributes, its text and what it stands in."""

    def __init__(self, tag: str, attributes: dict[str, str], parent: "Element | None") -> None:
        self.tag, self.attributes, self.parent = tag, attributes, parent
        self.content: list[Element | str] = []

    def __getitem__(self, name: str) -> str:
        return self.attributes.get(name, "")

    @property
    def text(self) -> str:
        """All words inside, parted by blanks."""
        words = "".join(part if isinstance(part, str) else f" {part.text} " for part in self.content)
        return re.sub(r" ([:.)])", r"\1", re.sub(r"\( ", "(", " ".join(words.split())))

    @property
    def children(self) -> list["Element"]:
        """The elements directly inside."""
        return [part for part in self.content if isinstance(part, Element)]

    def all(self, *tags: str) -> list["Element"]:
        """Every element inside with one of these tags, in order."""
        found = []
        for child in self.children:
            if child.tag in tags or not tags:
                found.append(child)
            found += child.all(*tags)
        return found

    def inside(self, tag: str) -> "Element | None":
        """The nearest element of this tag around it."""
        around = self.parent
        while around and around.tag != tag:
            around = around.parent
        return around


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.root = self.here = Element("", {}, None)
        self.wrong: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        made = Element(tag, {name: value or "" for name, value in attrs}, self.here)
        if len(attrs) != len(made.attributes):
            self.wrong.append(f"<{tag}> says something twice: {attrs}")
        self.here.content.append(made)
        if tag not in VOID and tag != "option":
            self.here = made

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID or tag == "option":
            return
        if self.here.tag != tag:
            self.wrong.append(f"</{tag}> closes <{self.here.tag}>")
        elif self.here.parent:
            self.here = self.here.parent

    def handle_data(self, data: str) -> None:
        self.here.content.append(data)


def parse(html: str) -> Element:
    """Return the document; badly nested HTML is an assertion."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    assert reader.here is reader.root, f"<{reader.here.tag}> is never closed"
    assert reader.wrong == []
    return reader.root


def faults(root: Element) -> list[str]:
    """Return what would stop a reader, a keyboard or our content policy."""
    every = root.all()
    ids = [one["id"] for one in every if one["id"]]
    found = [f"id {one} stands twice" for one in {one for one in ids if ids.count(one) > 1}]
    labelled = {one["for"] for one in every if one.tag == "label"}
    for one in every:
        for name in ("for", "aria-describedby", "aria-labelledby", "list", "data-feeds"):
            found += [f"{name} leads nowhere: {target}" for target in one[name].split() if target not in ids]
        if one["href"].startswith("#") and one.tag == "a" and one["href"][1:] not in ids:
            found.append(f"link leads nowhere: {one['href']}")
        found += [
            f"<{one.tag} {name}>" for name in one.attributes if name == "style" or name.startswith(("on", "hx-on"))
        ]
        if one.tag in TYPED and one["type"] != "hidden":
            found += _input_faults(one, labelled)
        if one.tag == "fieldset" and (not one.children or one.children[0].tag != "legend" or not one.children[0].text):
            found.append(f"fieldset {one['id']} has no legend")
        if one.tag == "button" and not one.text:
            found.append(f"button {one['value']} says nothing")
        if one["data-when"]:
            json.loads(one["data-when"])
        if "aria-invalid" in one.attributes and not one["aria-describedby"]:
            found.append(f"{one['name']} is wrong and nothing says why")
    return found


def _input_faults(one: Element, labelled: set[str]) -> list[str]:
    found = []
    if not one["id"] or (one["id"] not in labelled):
        found.append(f"{one['name']} has no label")
    if not one["name"]:
        found.append(f"{one['id']} has no name")
    if one["type"] in ("radio", "checkbox"):
        around = one.inside("fieldset")
        if one["value"] != "on" and around is None:
            found.append(f"{one['name']} is one of several and stands in no fieldset")
    return found


def pairs(root: Element) -> list[tuple[str, str]]:
    """Return what a browser would post of the page's form, without pressing a named button."""
    found: list[tuple[str, str]] = []
    for one in root.all("input", "select", "textarea"):
        if not one["name"] or one["type"] == "file":
            continue
        if one["type"] in ("radio", "checkbox") and "checked" not in one.attributes:
            continue
        if one.tag == "select":
            chosen = [option for option in one.all("option") if "selected" in option.attributes]
            found.append((one["name"], (chosen or one.all("option"))[0]["value"]))
        elif one.tag == "textarea":
            found.append(
                (one["name"], "".join(part for part in one.content if isinstance(part, str)).removeprefix("\n"))
            )
        else:
            found.append((one["name"], one["value"]))
    return found


def named(root: Element, name: str, value: Any = None) -> Element:
    """Return the first element with this name (and value)."""
    return next(one for one in root.all() if one["name"] == name and value in (None, one["value"]))
