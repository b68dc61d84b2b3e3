"""A step drawn as a page draws it."""

from typing import Any

from backend.forms.answers import visible_answers
from backend.forms.definition import Form
from backend.forms.rendering import step_view
from backend.forms.steps import Step
from backend.kit.pages import environment
from tests.forms.lists import FACTS, OFFERED
from tests.forms.reading_html import Element, parse

PAGE = """
{{ form.summary(view) }}<h1>{{ view.step.title }}</h1>
{{ form.step(view, "/nop/1/buoc/1", "", save="/nop/1/luu", communes="/dia-ban/xa") }}
"""


def draw(form: Form, step: Step, answers: dict[str, Any], page: str = PAGE, **more: Any) -> Element:
    """Return the step's page as a tree."""
    facts = more.pop("facts", FACTS)
    view = step_view(form, step, answers, visible_answers(form, answers, facts), facts, OFFERED, **more)
    return parse(environment().from_string(page).render(view=view))
