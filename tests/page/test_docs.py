"""The documentation runs what it shows, and its catalogue is the schema's."""

import json
import re
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from .conftest import Visit, Watch


def docs(visit: Visit, part: str = "", **options: Any) -> Page:
    page = visit(f"/docs{part}", ready=False, **options)
    expect(page.get_by_role("region", name="Gradients", exact=True)).to_be_visible()
    return page


def call(page: Page, name: str) -> Locator:
    return page.get_by_role("region", name=name, exact=True)


def run(section: Locator) -> Locator:
    section.get_by_role("button", name="Run", exact=True).click()
    answer = section.get_by_label("Answer", exact=True)
    expect(answer.get_by_role("status")).to_contain_text(" ms")
    return answer


def test_every_example_runs(visit: Visit, address: str) -> None:
    page = docs(visit)
    paths = page.request.get(f"{address}/openapi.json").json()["paths"]
    calls = [f"{method.upper()} {path}" for path, methods in paths.items() for method in methods]
    assert {"POST /api/run", "GET /api/run", "POST /api/run/stream", "GET /api/health"} <= set(calls)
    for name in calls:
        answer = run(call(page, name))
        expect(answer.get_by_role("status"), name).to_contain_text("200 OK")
        expect(answer.get_by_label("Text of the answer"), name).not_to_be_empty()


def test_a_broken_body_shows_the_problem_with_its_field(visit: Visit, watch: Watch) -> None:
    watch.expected = ("422", "400")
    section = call(docs(visit), "POST /api/run")
    body = section.get_by_label("Body", exact=True)
    experiment = json.loads(body.input_value())
    experiment["descents"][0]["learning_rate"] = -1
    body.fill(json.dumps(experiment))
    answer = run(section)
    expect(answer.get_by_role("status")).to_contain_text(re.compile("422 .*application/problem\\+json"))
    expect(answer.get_by_role("listitem")).to_contain_text("descents.0.learning_rate")
    expect(body).to_have_attribute("aria-invalid", "true")

    body.fill("{'no': JSON}")
    expect(run(section).get_by_role("status")).to_contain_text("400")
    body.fill(json.dumps({**experiment, "descents": [{}]}))
    expect(run(section).get_by_role("status")).to_contain_text("200")
    expect(answer.get_by_role("listitem")).to_have_count(0)
    expect(body).to_have_attribute("aria-invalid", "false")


def test_a_stream_is_shown_as_lines(visit: Visit) -> None:
    text = run(call(docs(visit), "POST /api/run/stream")).get_by_label("Text of the answer").inner_text()
    types = [json.loads(line)["type"] for line in text.rstrip("…\n").splitlines()]
    assert types[:2] == ["start", "frames"]


def test_a_long_answer_is_cut_and_says_so(visit: Visit) -> None:
    answer = run(call(docs(visit), "GET /api/schema"))
    expect(answer.get_by_role("status")).to_contain_text(re.compile(r"cut after 20\.0 of \d+\.\d kB"))
    assert len(answer.get_by_label("Text of the answer").inner_text()) <= 20_001


def test_what_is_typed_is_what_curl_sends(visit: Visit, address: str) -> None:
    page = docs(visit)
    section = call(page, "POST /api/landscape")
    section.get_by_label("Body", exact=True).fill('{"it\'s":\n 1}')
    section.get_by_label("arrays").select_option("base64")
    expect(section.get_by_label("curl command")).to_have_text(
        f"curl '{address}/api/landscape?arrays=base64' -H 'Content-Type: application/json'"
        " -d '{\"it'\\''s\":1}'"
    )
    section.get_by_role("button", name="Copy curl").click()
    expect(section.get_by_role("button", name=re.compile("Copied|Selected"))).to_be_visible()


def test_the_catalogue_holds_every_kind_of_the_schema(visit: Visit, address: str) -> None:
    page = docs(visit)
    definitions = page.request.get(f"{address}/api/schema").json()["$defs"]
    for name, definition in definitions.items():
        card = page.locator(f"#type-{name}")
        expect(card).to_contain_text(definition["title"])
        for field in definition["properties"]:
            if field != "kind":
                expect(card.get_by_text(field, exact=True).first).to_be_visible()
        formulas = (definition.get("facts") or {}).get("mathml") or {}
        formulas = [formulas] if isinstance(formulas, str) else list(filter(None, formulas.values()))
        expect(card.locator("math")).to_have_count(len(formulas))


def test_links_lead_to_cards_and_a_link_from_outside_too(visit: Visit) -> None:
    page = docs(visit)
    within = page.locator("a[href^='#']").evaluate_all("(links) => links.map((link) => link.hash)")
    assert [part for part in within if page.locator(part).count() != 1] == []
    expect(docs(visit, "#optimizers").locator("#optimizers h2")).to_be_in_viewport()


@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_it_fits_a_phone(visit: Visit, scheme: str) -> None:
    page = docs(visit, color_scheme=scheme)
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    colour = page.evaluate("getComputedStyle(document.body).backgroundColor")
    dark = sum(map(int, re.findall(r"\d+", colour))) < 384
    assert dark == (scheme == "dark")


def test_the_theme_is_remembered(visit: Visit) -> None:
    page = docs(visit, color_scheme="light")
    for choice, seen in (("dark", "dark"), ("light", "light"), ("auto", "light dark")):
        page.get_by_role("button", name="Theme").click()
        page.reload()
        expect(page.get_by_role("button", name=f"Theme: {choice}")).to_be_visible()
        assert page.evaluate("getComputedStyle(document.documentElement).colorScheme") == seen
