"""One descent of 1000 recorded steps, against PyTorch's and optax's own loops."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from fall_line import run
from fall_line.runner.compiled import compile_loop
from tests.benchmark.measuring import Row, milliseconds, ratios, seconds

STEPS = 1000
START = (-1.2, 1.0)
RATES = {"gradient_descent": 1e-4, "momentum": 1e-4, "adagrad": 1e-2, "adadelta": 1.0}
TORCH = {
    "gradient_descent": ("SGD", {}),
    "momentum": ("SGD", {"momentum": 0.9}),
    "adagrad": ("Adagrad", {}),
    "adadelta": ("Adadelta", {}),
    "rmsprop": ("RMSprop", {}),
    "adam": ("Adam", {}),
    "amsgrad": ("Adam", {"amsgrad": True}),
    "adamax": ("Adamax", {}),
    "radam": ("RAdam", {}),
    "nadam": ("NAdam", {}),
    "adamw": ("AdamW", {}),
    "rprop": ("Rprop", {}),
}
OPTAX = {
    "gradient_descent": "sgd",
    "adagrad": "adagrad",
    "rmsprop": "rmsprop",
    "adam": "adam",
    "adamax": "adamax",
    "radam": "radam",
    "nadam": "nadam",
    "lion": "lion",
    "adabelief": "adabelief",
    "yogi": "yogi",
}
SURFACES: dict[str, Callable[[Any, Any], Any]] = {
    "rosenbrock": lambda x, y: (1 - x) ** 2 + 100 * (y - x**2) ** 2,
    "himmelblau": lambda x, y: (x**2 + y - 11) ** 2 + (x + y**2 - 7) ** 2,
}


def document(surface: str, kind: str) -> dict[str, Any]:
    """The experiment that is measured."""
    descent = {"optimizer": {"kind": kind}, "learning_rate": RATES.get(kind, 1e-3), "start": START}
    return {"surface": {"kind": surface}, "descents": [descent], "steps": STEPS}


def rows() -> Iterator[Row]:
    """Yield the rows."""
    yield from against_torch()
    yield from against_optax()
    eight = [{"optimizer": {"kind": kind}} for kind in list(TORCH)[:8]]
    wave = "sin({}*x)*cos(y) + 0.1*(x**2 + y**2)"
    count = iter(range(1, 1_000_000))

    def everything() -> None:
        formula = {"kind": "formula", "formula": wave.format(f"1.{next(count)}")}
        run({"surface": formula, "descents": eight, "steps": 500})

    yield Row("a new formula, 8 optimizers × 500 steps", "≤ 15", milliseconds(everything), "ms")


def against_torch() -> Iterator[Row]:
    """One descent / torch.optim and autograd, everything recorded on both sides."""
    try:
        import torch
    except ImportError:
        yield Row("one descent / torch.optim", "", [], note="PyTorch is not installed")
        return
    torch.set_num_threads(1)

    def theirs(kind: str, loss: Callable[[Any, Any], Any]) -> None:
        name, options = TORCH[kind]
        w = torch.tensor(START, dtype=torch.float64, requires_grad=True)
        optimizer = getattr(torch.optim, name)([w], lr=RATES.get(kind, 1e-3), **options)
        recorded = []
        for _ in range(STEPS):
            optimizer.zero_grad()
            value = loss(w[0], w[1])
            value.backward()
            recorded.append((w[0].item(), w[1].item(), value.item(), w.grad.norm().item()))
            optimizer.step()

    for surface, loss in SURFACES.items():
        for kind in TORCH:
            wanted = document(surface, kind)
            run(wanted)
            found = ratios(partial(run, wanted), partial(theirs, kind, loss), 5, calls=10)
            yield Row(
                f"one descent, {surface}, {kind} / torch.optim", "≥ 150", found, group="one descent / torch"
            )


def against_optax() -> Iterator[Row]:
    """One descent / optax with jit(lax.scan), compiling left out (warm) and included (cold)."""
    try:
        import jax
        import optax
    except ImportError:
        yield Row("one descent / optax", "", [], note="optax and JAX are not installed")
        return
    jax.config.update("jax_enable_x64", True)

    def compiled(kind: str, loss: Callable[[Any, Any], Any]) -> Callable[[], Any]:
        optimizer = getattr(optax, OPTAX[kind])(RATES.get(kind, 1e-3))
        value_and_grad = jax.value_and_grad(lambda w: loss(w[0], w[1]))

        def step(carry: Any, _: Any) -> Any:
            w, state = carry
            value, g = value_and_grad(w)
            updates, state = optimizer.update(g, state, w)
            return (optax.apply_updates(w, updates), state), (w, value, jax.numpy.linalg.norm(g))

        @jax.jit
        def descend(w: Any) -> Any:
            return jax.lax.scan(step, (w, optimizer.init(w)), None, STEPS)[1]

        start = jax.numpy.array(START)
        return lambda: jax.block_until_ready(descend(start))

    for surface, loss in SURFACES.items():
        for kind in OPTAX:
            wanted = document(surface, kind)
            descend = compiled(kind, loss)

            def first(wanted: dict[str, Any] = wanted) -> None:
                compile_loop.cache_clear()
                run(wanted)

            cold = [seconds(descend) / seconds(first)]
            warm = ratios(partial(run, wanted), descend, 7)
            name = f"one descent, {surface}, {kind} / optax"
            yield Row(f"{name}, cold", "≥ 40", cold, group="one descent / optax, cold")
            yield Row(f"{name}, warm", "≥ 0.8", warm, group="one descent / optax, warm")
