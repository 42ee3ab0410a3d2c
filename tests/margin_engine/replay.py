"""Replays a derivation from its formulas: plain arithmetic over the symbols of earlier steps, nothing else."""

import ast
import operator
from collections.abc import Iterable
from decimal import Decimal, localcontext

from margin_engine import Step

_OPERATIONS = {ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv}


def replayed(steps: Iterable[Step]) -> dict[str, Decimal]:
    """The value of every symbol, worked out from the formulas alone."""
    values: dict[str, Decimal] = {}
    with localcontext() as context:
        context.prec = 120
        for step in steps:
            assert step.symbol not in values, f"{step.symbol} is named twice"
            values[step.symbol] = _value(ast.parse(step.formula, mode="eval").body, step.formula, values)
    return values


def _value(node: ast.expr, source: str, values: dict[str, Decimal]) -> Decimal:
    if isinstance(node, ast.Constant):
        return Decimal(ast.get_source_segment(source, node) or "")
    if isinstance(node, ast.Name):
        return values[node.id]
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return -_value(node.operand, source, values)
    assert isinstance(node, ast.BinOp), ast.dump(node)
    operation = _OPERATIONS[type(node.op)]
    result: Decimal = operation(_value(node.left, source, values), _value(node.right, source, values))
    return result
