"""Finding a procedure by what people type: without accents, with typos, in everyday or regional words.

The index lives in memory (7,000 procedures take a few milliseconds to search); `queries.index()` keeps it in step with the
database. Two roads are walked and the better score counts: the whole text against every whole term by edit distance (finds
"dang ky khai tufu"), and word by word (finds "khai sinh tre em" and half-typed words).
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from math import log

import msgspec
import regex
from rapidfuzz import process
from rapidfuzz.distance import OSA

from backend.kit.text import fold, text_key

_WORD = regex.compile(r"[\p{L}\p{M}\p{N}]+")
# Southern and older spellings of the same syllable, folded. A fact of the language, not an office's setting.
_SPELLINGS = {"sanh": "sinh", "nhon": "nhan", "tanh": "tinh", "chanh": "chinh", "ki": "ky", "li": "ly", "qui": "quy"}
_KINDS = {"plain_name": 1.0, "synonym": 0.98, "name": 0.92, "field": 0.8}
_CANDIDATES = 160
_CANDIDATES_BESIDE_AN_EQUAL = 60
_WORTH_SHOWING = 0.55
_BESIDE_THE_BEST = 0.7
_NEAR = 0.45


class Entry(msgspec.Struct, frozen=True):
    """One procedure as the index knows it."""

    code: str
    slug: str
    plain_name: str
    name: str
    synonyms: tuple[str, ...]
    field_slug: str
    field_name: str
    audience: tuple[str, ...]
    service_level: str
    frequency: int
    channels: tuple[str, ...]


class Filters(msgspec.Struct, frozen=True):
    """What the person narrowed the list to; None: everything. `among` are the codes that may be found at all."""

    field: str | None = None
    audience: str | None = None
    level: str | None = None
    online: bool = False
    among: frozenset[str] | None = None

    def hold(self, entry: Entry) -> bool:
        """Tell whether `entry` passes all filters."""
        return (
            (self.field is None or entry.field_slug == self.field)
            and (self.audience is None or self.audience in entry.audience)
            and (self.level is None or entry.service_level == self.level)
            and (not self.online or "online" in entry.channels)
            and (self.among is None or entry.code in self.among)
        )


class Found(msgspec.Struct, frozen=True):
    """The answer to a search: `hits` best first, `near` when nothing fits well, `understood` as we read the text.

    Args:
        hits: what fits the text and the filters, at most as many as were asked for.
        total: how many fit the text and the filters in all.
        fitting: all that fits the text, before the filters.
    """

    hits: tuple[Entry, ...]
    total: int = 0
    fitting: tuple[Entry, ...] = ()
    near: tuple[Entry, ...] = ()
    understood: str = ""
    words: tuple[str, ...] = ()


@dataclass(slots=True)
class _Term:
    document: int
    weight: float
    words: tuple[str, ...]


@dataclass(slots=True)
class _Length:
    """All squeezed terms of one length; rapidfuzz runs over `texts`."""

    texts: list[str] = field(default_factory=list)
    terms: list[list[int]] = field(default_factory=list)


def words_of(text: str) -> list[str]:
    """Return the folded words of `text`, regional spellings made equal."""
    return [_SPELLINGS.get(word, word) for word in _WORD.findall(fold(text))]


class Index:
    """All procedures, ready to be searched. It is never changed: a new catalogue makes a new index."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        """Take every procedure that may be found, in any order."""
        self.entries = sorted(entries, key=lambda entry: (-entry.frequency, text_key(entry.plain_name), entry.code))
        self.by_code = {entry.code: entry for entry in self.entries}
        self._by_digits = {entry.code.replace(".", ""): entry for entry in self.entries}
        self._terms: list[_Term] = []
        self._of_document: list[list[int]] = []
        self._lengths: dict[int, _Length] = defaultdict(_Length)
        postings: dict[str, int] = defaultdict(int)
        places: dict[str, int] = {}
        for number, entry in enumerate(self.entries):
            self._of_document.append([])
            for kind, text in _texts(entry):
                self._add(number, _KINDS[kind], text, postings, places)
        self._postings = dict(postings)
        self._vocabulary = sorted(self._postings)
        total = len(self.entries) + 1
        self._rarity = {word: 0.3 + log(total / (mask.bit_count() + 1)) for word, mask in self._postings.items()}

    def _add(self, document: int, weight: float, text: str, postings: dict[str, int], places: dict[str, int]) -> None:
        words = tuple(words_of(text))
        if not words:
            return
        self._of_document[document].append(len(self._terms))
        squeezed = "".join(words)
        length = self._lengths[len(squeezed)]
        if squeezed not in places:
            places[squeezed] = len(length.texts)
            length.texts.append(squeezed)
            length.terms.append([])
        length.terms[places[squeezed]].append(len(self._terms))
        self._terms.append(_Term(document, weight, words))
        for word in words:
            postings[word] |= 1 << document

    def search(
        self,
        text: str,
        filters: Filters = Filters(),  # noqa: B008 - frozen
        *,
        typing: bool = True,
        limit: int | None = None,
    ) -> Found:
        """Find procedures.

        Args:
            text: as typed; empty: all procedures, the most frequent first.
            filters: field, audience, level, online.
            typing: the last word may be unfinished.
            limit: most hits to return; they are counted before.

        Returns:
            Hits best first; a code typed whole finds that procedure alone.
        """
        text = text.strip()[:200]
        by_code = self._by_digits.get(text.replace(".", "").replace(" ", ""))
        if by_code:
            return _found((by_code,), filters, limit, understood=by_code.code)
        words = [part for word in words_of(text)[:16] for part in self._parted(word)]
        if not words:
            return _found(self.entries, filters, limit)
        scores = self._scores(words, typing, filters)
        ranked = sorted(scores.items(), key=lambda pair: (-pair[1], pair[0]))
        best = ranked[0][1] if ranked else 0.0
        bar = max(_WORTH_SHOWING, min(best, 1.0) * _BESIDE_THE_BEST)
        all_hits = [self.entries[number] for number, score in ranked if score >= bar]
        near = tuple(self.entries[number] for number, score in ranked[:3] if score >= _NEAR) if not all_hits else ()
        return _found(
            all_hits,
            filters,
            limit,
            near=near,
            understood=self._understood(words, text, all_hits[:1], typing),
            words=tuple(words),
        )

    def _parted(self, word: str) -> list[str]:
        """Cut two words that were typed together: "khaisinh"."""
        if word in self._postings or len(word) < 4:
            return [word]
        cuts = [(word[:at], word[at:]) for at in range(2, len(word) - 1)]
        known = [cut for cut in cuts if cut[0] in self._postings and cut[1] in self._postings]
        return list(max(known, key=lambda cut: (min(map(len, cut)), cut))) if known else [word]

    def _scores(self, words: Sequence[str], typing: bool, filters: Filters) -> dict[int, float]:
        """Every procedure that has something to do with the words, with its better score of the two roads.

        Those that pass the filters stand for election by themselves too: the many that do not crowd none of them out.
        """
        scores = self._whole("".join(words))
        meanings = [self._meanings(word, typing and place == len(words) - 1) for place, word in enumerate(words)]
        weights = [self._weight(word, meant) for word, meant in zip(words, meanings, strict=True)]
        most = _CANDIDATES_BESIDE_AN_EQUAL if max(scores.values(), default=0) > 1.3 else _CANDIDATES
        everything = (1 << len(self.entries)) - 1
        passing = everything
        if filters != Filters():
            passing = sum(1 << number for number, entry in enumerate(self.entries) if filters.hold(entry))
        for document in {
            *self._candidates(meanings, weights, most, everything),
            *(self._candidates(meanings, weights, most, passing) if passing != everything else ()),
        }:
            score = max(self._by_word(self._terms[term], meanings, weights) for term in self._of_document[document])
            score += 0.012 * self.entries[document].frequency
            if score > scores.get(document, 0.0):
                scores[document] = score
        return scores

    def _whole(self, squeezed: str) -> dict[int, float]:
        """Procedures with a term that is the whole text but for a few letters; an equal one stands above all."""
        allowed = min(3, max(1, len(squeezed) // 4))
        scores: dict[int, float] = {}
        for size in range(len(squeezed) - allowed, len(squeezed) + allowed + 1):
            length = self._lengths.get(size)
            if length is None:
                continue
            near = process.extract(squeezed, length.texts, scorer=OSA.distance, score_cutoff=allowed, limit=60)
            for _text, distance, place in near:
                likeness = 1.5 if distance == 0 else 1.06 - distance / max(size, len(squeezed))
                for number in length.terms[place]:
                    term = self._terms[number]
                    score = likeness * term.weight + 0.003 * self.entries[term.document].frequency
                    scores[term.document] = max(scores.get(term.document, 0.0), score)
        return scores

    def _meanings(self, word: str, unfinished: bool) -> dict[str, float]:
        """Which words of the catalogue `word` may stand for, and how surely (0 to 1)."""
        meant: dict[str, float] = {}
        allowed = 0 if len(word) < 3 else 1 if len(word) < 6 else 2
        if allowed:
            sure = 0.62 if word in self._postings else 0.74
            for text, distance, _place in process.extract(
                word, self._vocabulary, scorer=OSA.distance, score_cutoff=allowed, limit=24
            ):
                meant[text] = max(0.3, sure + 0.02 * min(len(word), 6) - 0.12 * distance)
        if unfinished:
            place = bisect_left(self._vocabulary, word)
            while place < len(self._vocabulary) and self._vocabulary[place].startswith(word):
                meant[self._vocabulary[place]] = 0.8 + 0.15 * len(word) / len(self._vocabulary[place])
                place += 1
        if word in self._postings:
            meant[word] = 1.0
        return meant

    def _weight(self, word: str, meant: dict[str, float]) -> float:
        """How much a typed word says: rare words say more, unknown ones as much as a middling one."""
        if word in self._rarity:
            return self._rarity[word]
        likely = max(meant, key=lambda other: (meant[other], self._rarity[other]), default=None)
        return self._rarity[likely] if likely else 0.6 * log(len(self.entries) + 2)

    def _candidates(
        self, meanings: Sequence[dict[str, float]], weights: Sequence[float], most: int, among: int
    ) -> list[int]:
        """Procedures sharing the weightiest words, popular ones first; bit n of a mask, as of `among`, is procedure n."""
        levels = [among]
        for meant, weight in zip(meanings, weights, strict=True):
            mask = 0
            for word in meant:
                mask |= self._postings[word]
            for _ in range(max(1, min(4, round(weight)))):
                levels.append(0)
                for level in range(len(levels) - 1, 0, -1):
                    levels[level] |= levels[level - 1] & mask
        chosen: list[int] = []
        seen = 0
        for level in range(len(levels) - 1, len(levels) // 3, -1):
            fresh = levels[level] & ~seen
            seen |= fresh
            while fresh and len(chosen) < most:
                lowest = fresh & -fresh
                chosen.append(lowest.bit_length() - 1)
                fresh ^= lowest
        return chosen

    def _by_word(self, term: _Term, meanings: Sequence[dict[str, float]], weights: Sequence[float]) -> float:
        """Score one term: how much of the text it holds, how much of it the text holds, and in the same order."""
        places: list[int] = []
        held = 0.0
        used: set[int] = set()  # a word of the term answers one typed word only
        for meant, weight in zip(meanings, weights, strict=True):
            sure, place = 0.0, -9
            for number, word in enumerate(term.words):
                if word in meant and meant[word] > sure and number not in used:
                    sure, place = meant[word], number
            places.append(place)
            used.add(place)
            held += sure * weight
        if not held:
            return 0.0
        covered = sum(self._rarity[term.words[place]] for place in used if place >= 0)
        whole = sum(self._rarity[word] for word in term.words)
        in_order = sum(b - a == 1 for a, b in pairwise(places)) / (len(places) - 1) if len(places) > 1 else 1.0
        return held / sum(weights) * (0.62 + 0.22 * covered / whole + 0.16 * in_order) * term.weight

    def _understood(self, words: Sequence[str], typed: str, best: Sequence[Entry], typing: bool) -> str:
        """Return the typed words as the best hit spells them, with accents; what it lacks stays as typed."""
        if not best:
            return typed
        written = {fold_word: text for text in reversed([best[0].plain_name, *best[0].synonyms, best[0].field_name, best[0].name])
                   for fold_word, text in _spelled(text)}  # fmt: skip
        original = _WORD.findall(typed)
        said = []
        for place, word in enumerate(words):
            meant = self._meanings(word, typing and place == len(words) - 1)
            known = [(sure, other) for other, sure in meant.items() if other in written]
            said.append(written[max(known)[1]] if known else original[place] if place < len(original) else word)
        return " ".join(said).lower()


def _found(
    fitting: Iterable[Entry],
    filters: Filters,
    limit: int | None,
    *,
    near: tuple[Entry, ...] = (),
    understood: str = "",
    words: tuple[str, ...] = (),
) -> Found:
    """Narrow, count, and only then cut."""
    everything = tuple(fitting)
    hits = tuple(entry for entry in everything if filters.hold(entry))
    return Found(hits[:limit], len(hits), everything, near, understood, words)


def _spelled(text: str) -> list[tuple[str, str]]:
    """Each word of `text`: folded, and as written."""
    return [(words_of(word)[0], word) for word in _WORD.findall(text)]


def _texts(entry: Entry) -> list[tuple[str, str]]:
    """All that a procedure is known by: (kind, text). A text in brackets is also left out: "(báo tử)"."""
    short = regex.sub(r"\s*\([^)]*\)", "", entry.plain_name)
    bare_name = regex.sub(r"^thủ tục\s+", "", entry.name, flags=regex.IGNORECASE)
    texts = [("plain_name", entry.plain_name), *(("synonym", text) for text in entry.synonyms), ("name", entry.name)]
    if short != entry.plain_name:
        texts.append(("plain_name", short))
    if bare_name != entry.name:
        texts.append(("name", bare_name))
    return [*texts, ("field", entry.field_name)]


def marked(text: str, words: Sequence[str]) -> list[tuple[str, bool]]:
    """Cut `text` into pieces, each with whether the search meant it, to be underlined.

    Args:
        text: a name as written.
        words: `Found.words`.
    """
    pieces: list[tuple[str, bool]] = []
    at = 0
    # What stands there letter by letter is not looked for among its look-alikes: "than" is no "nhân" beside "thân".
    there = set(words_of(text))
    for match in _WORD.finditer(text):
        word = words_of(match.group())[0]
        hit = any(_same(word, other, place == len(words) - 1, other in there) for place, other in enumerate(words))
        for piece, flag in ((text[at : match.start()], hit and bool(pieces) and pieces[-1][1]), (match.group(), hit)):
            if not piece:
                continue
            if pieces and pieces[-1][1] == flag:
                pieces[-1] = (pieces[-1][0] + piece, flag)
            else:
                pieces.append((piece, flag))
        at = match.end()
    if text[at:]:
        pieces.append((text[at:], False))
    return pieces


def _same(word: str, typed: str, last: bool, there: bool) -> bool:
    if word == typed or (last and word.startswith(typed)):
        return True
    return not there and len(typed) >= 3 and OSA.distance(word, typed, score_cutoff=1) <= 1
