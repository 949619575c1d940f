"""The expression graph: text is parsed into it; it is differentiated, typeset and compiled."""

from fall_line.expression.field import Field, field
from fall_line.expression.loss import Loss
from fall_line.expression.node import Node, symbol
from fall_line.expression.parse import parse
from fall_line.expression.pasted import FormulaError, normalised
from fall_line.expression.typeset import typeset, typeset_gradient

__all__ = [
    "Field",
    "FormulaError",
    "Loss",
    "Node",
    "field",
    "normalised",
    "parse",
    "symbol",
    "typeset",
    "typeset_gradient",
]
