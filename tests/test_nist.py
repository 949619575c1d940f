"""Curves with certified parameters: NIST's Statistical Reference Datasets, nonlinear regression."""

import json
from pathlib import Path

import numpy as np
import pytest
from pydantic import TypeAdapter

from fall_line import run
from fall_line.surfaces import Surface

SETS = json.loads((Path(__file__).parent / "reference" / "nist.json").read_text())["sets"]
MISRA = [name for name in SETS if name.startswith("Misra")]


def surface(name):
    each = SETS[name]
    return {
        "kind": "fit",
        "model": each["model"],
        "parameters": ["b1", "b2"],
        "t": each["t"],
        "y": each["y"],
        "reduction": "sum",
    }


def end(name, optimizer, start, steps):
    document = {"surface": surface(name), "steps": steps}
    (found,) = run({**document, "descents": [{"optimizer": {"kind": optimizer}, "start": start}]})
    return np.array([found.x[-1], found.y[-1]])


@pytest.mark.parametrize("name", SETS)
def test_the_certified_parameters_have_the_certified_residual_sum_of_squares(name):
    field = TypeAdapter(Surface).validate_python(surface(name)).field()
    loss, _, _ = field.loss_and_gradient_at(*SETS[name]["certified"])
    assert loss == pytest.approx(SETS[name]["residual_sum_of_squares"], rel=2e-10)


@pytest.mark.parametrize("factor", [0.8, 0.95, 1.05, 1.2])
@pytest.mark.parametrize("name", MISRA)
def test_newton_finds_the_certified_parameters(name, factor):
    certified = np.array(SETS[name]["certified"])
    found = end(name, "newton", (factor * certified).tolist(), 30)
    np.testing.assert_allclose(found, certified, rtol=1e-9)


@pytest.mark.parametrize(("name", "start"), [("Misra1c", 1), ("Misra1d", 1), ("DanWood", 0), ("DanWood", 1)])
def test_newton_finds_them_from_nists_starts_where_exact_arithmetic_does(name, start):
    """In 40 digits (mpmath) it gets there from these; from the others to (0, 0), a saddle, or far away."""
    found = end(name, "newton", SETS[name]["starts"][start], 60)
    np.testing.assert_allclose(found, SETS[name]["certified"], rtol=1e-9)


REACHED = [
    (name, start)
    for name, each in SETS.items()
    for start, reached in zip(each["starts"], each["scipy"], strict=True)
    if np.allclose(reached, each["certified"], rtol=1e-5)
]


def test_scipy_arrives_for_box_and_draper_and_for_daniel_and_wood():
    assert REACHED == [("BoxBOD", [1, 1]), ("DanWood", [1, 5]), ("DanWood", [0.7, 4])]


@pytest.mark.parametrize(("name", "start"), REACHED)
def test_lbfgs_finds_them_where_scipys_does(name, start):
    np.testing.assert_allclose(end(name, "lbfgs", start, 100), SETS[name]["certified"], rtol=1e-8)
