"""Compiled templates that are kept."""

from __future__ import annotations

import os
import shutil

import pytest
from jinja2 import Environment, FileSystemLoader

from autograder.report import bytecode, html
from autograder.report.bytecode import TemplateBytecode


def render(folder):
    environment = Environment(
        loader=FileSystemLoader(folder), autoescape=True, bytecode_cache=TemplateBytecode(folder)
    )
    return environment.get_template("page.j2").render(name="<b>")


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setattr(bytecode, "_WANTED", True)
    (tmp_path / "page.j2").write_text("Hello {{ name }}")
    return tmp_path


def kept(folder):
    place = folder / "__pycache__"
    return sorted(place.iterdir()) if place.is_dir() else []


def test_a_template_is_compiled_once(folder, monkeypatch):
    assert render(folder) == "Hello &lt;b&gt;"
    (file,) = kept(folder)
    monkeypatch.setattr(Environment, "compile", lambda *_, **__: pytest.fail("compiled again"))
    assert render(folder) == "Hello &lt;b&gt;"
    assert kept(folder) == [file]


def test_a_changed_template_is_compiled_anew(folder):
    render(folder)
    (folder / "page.j2").write_text("Bye {{ name }}")
    assert render(folder) == "Bye &lt;b&gt;"


@pytest.mark.parametrize("content", [b"", b"j2", b"\x00" * 400])
def test_a_broken_file_does_no_harm(folder, content):
    render(folder)
    (file,) = kept(folder)
    file.write_bytes(content)
    assert render(folder) == "Hello &lt;b&gt;"


def test_a_folder_that_cannot_be_written_does_no_harm(folder):
    (folder / "__pycache__").write_text("a file where the folder should be")
    assert render(folder) == "Hello &lt;b&gt;"


def test_nothing_is_kept_where_python_keeps_nothing(folder, monkeypatch):
    monkeypatch.setattr(bytecode, "_WANTED", False)
    render(folder)
    assert kept(folder) == []
    assert os.listdir(folder) == ["page.j2"]


def test_what_is_kept_of_one_language_serves_another(sample, folder, monkeypatch):
    templates = folder / "templates"
    shutil.copytree(html._TEMPLATES, templates, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(html, "_TEMPLATES", templates)
    pages = {}
    for language in ("en", "fa"):
        html.environment.cache_clear()
        pages[language] = html.render_html(sample, language=language)
    html.environment.cache_clear()
    assert kept(templates)
    assert "Grading report" in pages["en"]
    assert "Grading report" not in pages["fa"]
    monkeypatch.setattr(bytecode, "_WANTED", False)
    shutil.rmtree(templates / "__pycache__")
    assert html.render_html(sample, language="fa") == pages["fa"]
    html.environment.cache_clear()
