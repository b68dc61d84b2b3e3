"""Every condition of the catalogue that decides papers, fees, time or posting, tried true and false."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from backend.forms.paths import put
from backend.kit.clock import VN
from backend.procedures.definition import Channel, Procedure
from backend.procedures.matter import Judge, Matter
from tests.procedures.real import document

AT = datetime(2026, 11, 25, 9, tzinfo=VN)


class Case:
    """Answers, case and system facts that make a condition come out as wanted."""

    def __init__(self, condition: dict[str, Any], wanted: bool) -> None:
        self.answers: dict[str, Any] = {}
        self.system: set[str] = set()
        self.make(condition, wanted)

    def make(self, condition: dict[str, Any], wanted: bool) -> None:
        """Set what makes `condition` come out as `wanted`."""
        if "not" in condition:
            self.make(condition["not"], not wanted)
        elif "all" in condition:
            for inner in condition["all"] if wanted else condition["all"][:1]:
                self.make(inner, wanted)
        elif "any" in condition:
            for inner in condition["any"][:1] if wanted else condition["any"]:
                self.make(inner, wanted)
        elif "case" in condition:
            self.answers["case"] = condition["case"] if wanted else "none"
        elif "system" in condition:
            self.system |= {condition["system"]} if wanted else set()
        else:
            put(self.answers, condition["field"], self.value(condition, wanted))

    @staticmethod
    def value(condition: dict[str, Any], wanted: bool) -> Any:
        """A value that passes the test, or does not."""
        match condition:
            case {"equals": value}:
                return value if wanted else "something else"
            case {"in": values}:
                return values[-1] if wanted else "something else"
            case {"contains": value}:
                return ["other", value] if wanted else ["other"]
            case {"min": least}:
                return least if wanted else least - 1
            case {"older_than": {"days": days}}:
                return (AT - timedelta(days=days + 1 if wanted else days)).date().isoformat()
        raise AssertionError(f"nobody tries {condition}")


def conditions(procedure: Procedure) -> Iterator[tuple[str, dict[str, Any]]]:
    for paper in procedure.documents:
        if paper.required_if:
            yield f"{procedure.code} paper {paper.id}", paper.required_if
    for fee in procedure.fee_rules:
        if fee.applies_if:
            yield f"{procedure.code} fee {fee.id}", fee.applies_if
        for exemption in fee.exemptions:
            if exemption.when:
                yield f"{procedure.code} exemption {exemption.id}", exemption.when
    for rule in procedure.channels:
        for place, exception in enumerate(rule.time_limit.exceptions):
            if exception.when:
                yield f"{procedure.code} {rule.channel} exception {place}", exception.when
    for case in procedure.cases:
        if case.when:
            yield f"{procedure.code} case {case.key}", case.when
    if procedure.posting and procedure.posting.required_if:
        yield f"{procedure.code} posting", procedure.posting.required_if
    if procedure.secrecy and procedure.secrecy.when:
        yield f"{procedure.code} secrecy", procedure.secrecy.when
    for child in procedure.linked.children if procedure.linked else ():
        if child.when:
            yield f"{procedure.code} child {child.key}", child.when


ALL = [(procedure, name, condition) for procedure in document().procedures for name, condition in conditions(procedure)]


@pytest.mark.parametrize(("procedure", "name", "condition"), ALL, ids=[name for _, name, _ in ALL])
def test_a_condition_holds_when_it_should_and_only_then(
    procedure: Procedure, name: str, condition: dict[str, Any]
) -> None:
    for wanted in (True, False):
        case = Case(condition, wanted)
        matter = Matter(Channel.COUNTER, AT, case.answers, system=frozenset(case.system))
        assert Judge(procedure, matter).holds(condition) is wanted, (name, case.answers)


def test_none_was_forgotten() -> None:
    assert len(ALL) > 150
