"""Answers arranged so that a condition holds, or does not: every condition of every form can be tried both ways."""

from datetime import date
from typing import Any

from backend.forms import dates
from backend.forms.definition import COMPOSITES, Field, FieldType, Form, inner_fields
from backend.forms.facts import Expression, Facts
from backend.forms.paths import Answers, find, join, put, without_positions


class Arranged:
    """Answers and the world, changed until conditions come out as wished."""

    def __init__(self, form: Form, today: date) -> None:
        self.form, self.today = form, today
        self.answers: Answers = {}
        self.system: frozenset[str] = frozenset()
        self.case: str | None = None

    @property
    def facts(self) -> Facts:
        return Facts(today=self.today, case=self.case, system=self.system)

    def make(self, condition: Expression, wanted: bool, item: str = "") -> None:
        """Change answers until `condition` is `wanted`; what it asks about is made visible first."""
        if "all" in condition or "any" in condition:
            every = condition.get("all") or condition["any"]
            for one in every if ("all" in condition) is wanted else every[:1] if "any" in condition else every[-1:]:
                self.make(one, wanted, item)
            if "any" in condition and not wanted:
                for one in every:
                    self.make(one, False, item)
        elif "not" in condition:
            self.make(condition["not"], not wanted, item)
        elif "field" in condition:
            path = self.placed(condition["field"], item)
            put(self.answers, path, self.value(self.at(path), condition, wanted))
        elif "compare" in condition:
            first, second = (self.placed(path, item) for path in condition["compare"])
            put(self.answers, first, "2000-01-01")
            put(self.answers, second, "1999-06-01" if wanted else "2030-01-01")
        elif "same" in condition:
            first, second = (self.placed(path, item) for path in condition["same"])
            put(self.answers, first, "001190000001")
            put(self.answers, second, "001190000001" if wanted else "001190000002")
        elif "system" in condition:
            self.system = frozenset({condition["system"]} if wanted else ())
        elif "today_between" in condition:
            month, day = map(int, condition["today_between"][0].split("-"))
            self.today = date(self.today.year, month, day) if wanted else date(self.today.year, month - 1, 1)
        else:
            self.make_number(condition, wanted)

    def make_number(self, condition: Expression, wanted: bool) -> None:
        if "sum" in condition:
            put(self.answers, self.placed(condition["sum"], ""), condition["min"] if wanted else condition["min"] - 1)
        elif "count" in condition:
            self.show(condition["count"])
            put(self.answers, condition["count"], [{} for _ in range(condition["max"] + (0 if wanted else 1))])
        elif "none_match" in condition:
            about = condition["none_match"]
            path = self.placed(join(about["repeat"], about["field"]), "")
            put(self.answers, path, "another" if wanted else about["equals"])
        else:
            about = condition["count_where"]
            self.show(about["repeat"])
            count = condition["not_equals"] + (1 if wanted else 0)
            put(self.answers, about["repeat"], [{about["field"]: about["equals"]} for _ in range(count)])

    def placed(self, path: str, item: str) -> str:
        """Return the path of one answer, an item made where it stands in a repeated group, all of it visible."""
        if path.startswith("./"):
            return f"{item}.{path[2:]}"
        self.show(path)
        parts = path.split(".")
        for length in range(2, len(parts)):
            head = ".".join(parts[:length])
            if self.at(head).type is FieldType.REPEAT:
                if not find(self.answers, head):
                    put(self.answers, head, [{}])
                inner = self.at(path)
                if inner.visible_if:
                    self.make(inner.visible_if, True, f"{head}.0")
                return ".".join([head, "0", *parts[length:]])
        return path

    def show(self, path: str) -> None:
        """Make what stands at `path` visible, sections and groups around it first."""
        section = next(one for one in self.form.sections if one.key == path.split(".")[0])
        if section.visible_if:
            self.make(section.visible_if, True)
        field = next(one for one in section.fields if one.key == path.split(".")[1])
        if field.visible_if:
            self.make(field.visible_if, True)

    def at(self, path: str) -> Field:
        """Return the field at `path`."""
        bare = without_positions(path).split(".")
        section = next(one for one in self.form.sections if one.key == bare[0])
        fields = section.fields
        found: Any = None
        for key in bare[1:]:
            found = next(one for one in fields if one.key == key)
            fields = inner_fields(found) if found.type in COMPOSITES or found.fields else []
        assert isinstance(found, Field)
        return found

    def value(self, field: Field, test: Expression, wanted: bool) -> Any:
        """Return an answer that passes the tests, or fails them."""
        if "equals" in test:
            return test["equals"] if wanted else self.other(field, [test["equals"]])
        if "not_equals" in test:
            return self.other(field, [test["not_equals"]]) if wanted else test["not_equals"]
        if "in" in test:
            return test["in"][0] if wanted else self.other(field, test["in"])
        if "contains" in test:
            return [test["contains"]] if wanted else []
        if "matches" in test:
            return f"để {test['matches']}" if wanted else "việc khác"
        if "min" in test:
            return test["min"] if wanted else test["min"] - 1
        older, younger = test.get("older_than"), test.get("younger_than")
        if older and younger:
            return self.back({"years": older["years"] if wanted else younger["years"]})
        if older:
            return self.back(older, 1 if "days" in older and wanted else 0 if wanted or "days" in older else -1)
        assert younger
        return self.back(younger, 0 if "days" in younger else -1) if wanted else self.back(younger, 1)

    def back(self, length: dict[str, int], more: int = 0) -> str:
        return dates.add(self.today, years=-length.get("years", 0), days=-length.get("days", 0) - more).isoformat()

    def other(self, field: Field, taken: list[Any]) -> Any:
        if field.options:
            return next(option.value for option in field.options if option.value not in taken)
        return "FR" if field.options_from == "countries" else "another"
