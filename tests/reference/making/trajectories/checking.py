"""The entries of the file, or a refusal of those that nobody could reproduce."""

from __future__ import annotations

from ..documents import Document
from .case import STEPS, Case
from .cases import CLIMBS, cases
from .recording import Record, deviation, difference, margin, record
from .sources import source_of
from .surfaces import SURFACES
from .torch_optimizers import TORCH, run_lbfgs, run_torch

TOLERATED_DEVIATION = 1e-11
SMALLEST_MARGIN = 1e-9


def checked(case: Case) -> Document:
    """The data of `case`, or a refusal if it hangs on the last digits."""
    reference = record(case, case.start)
    strayed = deviation(case, reference)
    if not strayed <= TOLERATED_DEVIATION:
        raise SystemExit(f"{case}: strays by {strayed:.1e}")
    if margin(case, reference.gradients) < SMALLEST_MARGIN:
        raise SystemExit(f"{case}: a sign hangs on {margin(case, reference.gradients):.1e}")
    if not reference.loss[-1] < reference.loss[0] and case not in CLIMBS:
        raise SystemExit(f"{case}: does not descend")
    if case.kind == "lbfgs" and min(reference.gradient_norm) < 1e-4:
        raise SystemExit(
            f"{case}: so near to the minimum PyTorch's fixed cut-offs (y·s > 1e-10) come into play"
        )
    if case.kind in TORCH:
        both = difference(
            case, reference, record(case, case.start, run=lambda p, s, c: run_torch(p, s, c, foreach=True))
        )
        if both > TOLERATED_DEVIATION:
            raise SystemExit(f"{case}: PyTorch's two implementations differ by {both:.1e}")
    return {**described(case), **sampled(case, reference), "deviation": float(f"{strayed:.1e}")}


def described(case: Case) -> Document:
    """What was run."""
    document: Document = {
        "optimizer": {"kind": case.kind, **case.parameters},
        "learning_rate": case.learning_rate,
        "surface": SURFACES[case.surface].document,
        "start": list(case.start),
        "source": source_of(case),
    }
    if case.sampled != STEPS:
        document["steps"] = case.sampled
    return document


def sampled(case: Case, reference: Record) -> Document:
    """The recorded numbers."""
    return {
        name: [getattr(reference, name)[s] for s in case.sampled]
        for name in ("x", "y", "loss", "gradient_norm")
    }


def lbfgs_notes() -> list[Document]:
    """L-BFGS with PyTorch's own scaling of the first trial step, for whoever wonders."""
    notes = []
    for case in cases():
        if case.kind == "lbfgs" and case.surface in ("rosenbrock", "himmelblau"):
            raw = record(case, case.start, run=lambda p, s, c: run_lbfgs(p, s, c, scaled=True))
            note = {**described(case), "source": "torch.optim.LBFGS(max_iter=1, strong_wolfe), unchanged"}
            notes.append({**note, **sampled(case, raw)})
    return notes
