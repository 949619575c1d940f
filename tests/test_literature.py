"""The literature's test functions: value, gradient and curvature at their known global minima."""

import json
import re
from pathlib import Path

import numpy as np
import pytest

from fall_line.landscape import evaluate

DOCUMENT = json.loads(
    Path(__file__).with_name("reference").joinpath("test_functions.json").read_text("utf-8")
)
FUNCTIONS = DOCUMENT["functions"]
ROOT = re.compile(r"sqrt|\*\*\(?[0-9]*[./]|\*\*\([xy]")


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda function: function["name"])
def test_a_known_global_minimum_is_one_here_too(function):
    surface = {"kind": "formula", "formula": function["formula"], "domain": function["window"]}
    found = evaluate(surface, function["minima"])
    tolerance = 1e-9 * max(1.0, abs(function["loss"]))
    np.testing.assert_allclose(found.loss, function["loss"], rtol=0, atol=tolerance)

    window = np.array([function["window"]["x"], function["window"]["y"]])
    # Where a root, or another such power, of 0 stands in it a formula has no Hessian, smooth as it may be.
    unknown = np.isnan(found.eigenvalues).all(axis=1)
    assert not unknown.any() or ROOT.search(function["formula"])
    if function["smooth"] and not unknown.any():
        curvature = abs(found.eigenvalues).max(axis=1)
        # No steeper than a billionth of the window aside, or than rounding.
        step = 1e-9 * (window[:, 1] - window[:, 0]).max()
        assert (np.linalg.norm(found.gradient, axis=1) <= curvature * step + 1e-12).all()
        assert (found.eigenvalues[:, 0] >= -1e-9 * np.maximum(curvature, 1.0)).all()

    points = np.random.default_rng(1).uniform(window[:, 0], window[:, 1], (200, 2))
    losses = evaluate(surface, points.tolist()).loss
    assert not (losses < function["loss"] - tolerance).any()
