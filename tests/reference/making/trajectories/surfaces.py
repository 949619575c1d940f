"""The surfaces, in ordinary operations only, so that torch and jax differentiate the same text."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ..documents import Document


def sphere(x: Any, y: Any) -> Any:
    """x² + y²."""
    return x * x + y * y


def quadratic(x: Any, y: Any) -> Any:
    """½ (u² + 10 v²), its flat axis u at 30 degrees."""
    angle = math.radians(30.0)
    u = x * math.cos(angle) + y * math.sin(angle)
    v = y * math.cos(angle) - x * math.sin(angle)
    return 0.5 * (u * u + 10.0 * (v * v))


def rosenbrock(x: Any, y: Any) -> Any:
    """(1 - x)² + 100 (y - x²)²."""
    a = 1.0 - x
    b = y - x * x
    return a * a + 100.0 * (b * b)


def himmelblau(x: Any, y: Any) -> Any:
    """(x² + y - 11)² + (x + y² - 7)²."""
    a = x * x + y - 11.0
    b = x + y * y - 7.0
    return a * a + b * b


def styblinski_tang(x: Any, y: Any) -> Any:
    """½ Σ (z⁴ - 16 z² + 5 z)."""
    return 0.5 * ((x * x * x * x - 16.0 * (x * x) + 5.0 * x) + (y * y * y * y - 16.0 * (y * y) + 5.0 * y))


def beale(x: Any, y: Any) -> Any:
    """(1.5 - x + xy)² + (2.25 - x + xy²)² + (2.625 - x + xy³)²."""
    a = 1.5 - x + x * y
    b = 2.25 - x + x * (y * y)
    c = 2.625 - x + x * (y * y * y)
    return a * a + b * b + c * c


def saddle(x: Any, y: Any) -> Any:
    """x² - y²."""
    return x * x - y * y


Formula = Callable[[Any, Any], Any]


@dataclass(frozen=True)
class Surface:
    """A formula and the document that names it in this project."""

    formula: Formula
    document: Document


SURFACES = {
    "sphere": Surface(sphere, {"kind": "sphere"}),
    "quadratic": Surface(quadratic, {"kind": "quadratic", "condition": 10.0, "angle": 30.0}),
    "rosenbrock": Surface(rosenbrock, {"kind": "rosenbrock"}),
    "himmelblau": Surface(himmelblau, {"kind": "himmelblau"}),
    "styblinski_tang": Surface(styblinski_tang, {"kind": "styblinski_tang"}),
    "beale": Surface(beale, {"kind": "beale"}),
    "saddle": Surface(saddle, {"kind": "saddle"}),
}
