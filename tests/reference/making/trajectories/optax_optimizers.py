"""Optax's optimizers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import optax
from optax import contrib

from ..documents import Document
from .case import Case, betas
from .problem import Iterates, Point, Problem


def optax_rate(rate: float | Document) -> Any:
    """A number, or optax's schedule for one of our documents."""
    if isinstance(rate, dict):
        assert rate["kind"] == "cosine", rate
        return optax.cosine_decay_schedule(
            rate["learning_rate"], rate["steps"], alpha=rate["final"] / rate["learning_rate"]
        )
    return rate


OPTAX: dict[str, tuple[str, Callable[[Any, Document], Any]]] = {
    "adabelief": (
        "optax.adabelief(eps=1e-16, eps_root=1e-16)",
        lambda rate, p: optax.adabelief(rate, *betas(p), eps=1e-16, eps_root=1e-16),
    ),
    "yogi": ("optax.yogi(eps=1e-3)", lambda rate, p: optax.yogi(rate, *betas(p), eps=1e-3)),
    "adan": (
        "optax.adan(b1=0.98, b2=0.92, b3=0.99, eps=1e-8, eps_root=1e-8)",
        lambda rate, p: optax.adan(
            rate,
            p.get("beta1", 0.98),
            p.get("beta2", 0.92),
            p.get("beta3", 0.99),
            eps=1e-8,
            eps_root=1e-8,
        ),
    ),
    "lion": (
        "optax.lion",
        lambda rate, p: optax.lion(
            rate, p.get("beta1", 0.9), p.get("beta2", 0.99), weight_decay=p.get("weight_decay", 0.0)
        ),
    ),
    "signum": ("optax.signum", lambda rate, p: optax.signum(rate, p.get("momentum", 0.9))),
}


def run_optax(problem: Problem, start: Point, case: Case) -> Iterates:
    """One of optax's transformations, its update jitted."""
    _, make = OPTAX[case.kind]
    transformation = make(optax_rate(case.learning_rate), case.parameters)
    update = jax.jit(transformation.update)
    w = jnp.asarray(start)
    state = transformation.init(w)
    while True:
        updates, state = update(problem.jax_gradient((float(w[0]), float(w[1]))), state, w)
        w = optax.apply_updates(w, updates)
        yield float(w[0]), float(w[1])


def run_sam(problem: Problem, start: Point, case: Case) -> Iterates:
    """`optax.contrib.sam`: plain SGD outside, one normalised step of length `radius` uphill inside."""
    assert isinstance(case.learning_rate, float)
    uphill = optax.chain(contrib.normalize(), optax.sgd(case.parameters.get("radius", 0.05)))
    transformation = contrib.sam(optax.sgd(case.learning_rate), uphill, opaque_mode=True)
    w = jnp.asarray(start)
    state = transformation.init(w)

    def gradient(w: jax.Array, _: int = 0) -> jax.Array:
        return problem.jax_gradient((float(w[0]), float(w[1])))

    while True:
        updates, state = transformation.update(gradient(w), state, w, grad_fn=gradient)
        w = optax.apply_updates(w, updates)
        yield float(w[0]), float(w[1])


def run_schedule_free(problem: Problem, start: Point, case: Case) -> Iterates:
    """`optax.contrib.schedule_free_sgd`; the path is that of the average x."""
    assert isinstance(case.learning_rate, float)
    beta = case.parameters.get("beta", 0.9)
    transformation = contrib.schedule_free_sgd(case.learning_rate, b1=beta)
    update = jax.jit(transformation.update)
    y = jnp.asarray(start)
    state = transformation.init(y)
    while True:
        updates, state = update(problem.jax_gradient((float(y[0]), float(y[1]))), state, y)
        y = optax.apply_updates(y, updates)
        x = contrib.schedule_free_eval_params(state, y)
        yield float(x[0]), float(x[1])
