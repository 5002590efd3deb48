"""What `validate` found, as JSON and as an HTML page."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from autograder.authoring.findings import Validation

_TEMPLATES = Path(__file__).parent / "templates"


def validation_document(validation: Validation) -> dict[str, Any]:
    """The JSON document of `validate --json` (schema 1)."""
    return {
        "schema": 1,
        "assignment": {"id": validation.assignment, "version": validation.version},
        "fit": validation.fit,
        "seconds": round(validation.seconds, 3),
        "findings": [
            {
                "id": each.id,
                "title": each.title,
                "fit": each.fit,
                "summary": each.summary,
                "details": list(each.details),
                "mend": each.mend or None,
            }
            for each in validation.findings
        ],
        "questions": [
            {"id": id, "title": title, "checks": checks, "points": points}
            for id, title, checks, points in validation.questions
        ],
        "kill_matrix": validation.matrix,
        "left_out": validation.left_out,
    }


def validation_page(validation: Validation) -> str:
    """One self-contained page: no script, no request."""
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    template = environment.get_template("validation.html.j2")
    return template.render(validation=validation, matrix=validation.matrix)
