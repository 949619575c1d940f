"""Formulas written to break a parser, an evaluator or a patience; each must be refused or have a value."""

ATTRIBUTES = [
    "x.__class__", "x.__class__.__mro__", "().__class__.__bases__[0].__subclasses__()", "x.real", "(1).__add__(2)",
    "1 .__class__", "''.__class__", "x.__dict__", "f.__globals__", "x.y.z", "exp.__code__", "x.__init__.__globals__",
    "sin.__self__", "pi.__class__", "e.real", "1.0.hex()", "(x).conjugate()", "x . __class__",
]  # fmt: skip
CALLS = [
    "__import__('os')", "__import__('os').system('id')", "eval('1')", "exec('1')", "open('/etc/passwd')", "compile(1)",
    "globals()", "locals()", "vars()", "dir()", "getattr(x, 1)", "setattr(x, 1)", "input()", "print(1)", "exit()",
    "quit()", "breakpoint()", "help()", "type(x)", "id(x)", "hash(x)", "range(9)", "sum(x)", "pow(2, 3)", "round(x)",
    "int(x)", "float(x)", "complex(1, 1)", "np.exp(x)", "math.sin(x)", "os.system(1)", "sympy.sin(x)", "lambdify(x)",
    "Symbol(x)", "Function(x)", "diff(x, x)", "integrate(x)", "factorial(x)", "gamma(x)", "step(x)", "number(x)",
    "symbol(x)", "where(x, x, x)", "less(x, y)", "negate(x)", "add(x, y)", "exceptional(x)", "power(x, y)",
]  # fmt: skip
SYNTAX = [
    "lambda: 1", "(lambda: 1)()", "lambda x: x", "f'{x}'", "f\"{x}\"", "'x'", "\"x\"", "b'x'", "`x`", "(x := 3)",
    "x := 3", "[x for x in y]", "{x for x in y}", "{x: y}", "[x]", "{x}", "x[0]", "x[0:1]", "x if y else 1",
    "x and y", "x or y", "not x", "x in y", "x is y", "x == y", "x != y", "x < y", "x <= y", "x > y", "x & y",
    "x | y", "x ~ y", "~x", "x << 1", "x >> 1", "x % y", "x // y", "x @ y", "x ? y : 1", "x; y", "x = 3", "x += 1",
    "del x", "import os", "import os; x", "from os import *", "yield x", "await x", "async x", "return x", "raise x",
    "assert x", "pass", "global x", "class x: 1", "def f(x): x", "with x: y", "while x: y", "for x in y: x", "...",
    "x...", "*x", "**x", "x**", "x***y", "x* *y", "x*/y", "x//", "(*x)", "sin(*x)", "sin(x=1)", "sin(**x)", "\\x",
    "x\\", "$x", "x$", "@x", "#", "x#y", "x # comment", "x!", "!x", "x'", "x''", "x\"", ",", "x,", ",x", "x,y", "()",
    "(", ")", ")(", "((x)", "(x))", "x()", "x(y)", "2(x)", "(x)(y)", "(x)2", "2 3", "x 2", "x y", "2x", "x2", "xx", ".",
    "..", "1..2", "1.2.3", "1e", "1e+", "e1", "0x10", "0b1", "0o7", "1_000", "1e400", "1e-400", "1j", "1J", "x1e5",
    "inf", "nan", "None", "True", "False", "Infinity", "I", "E", "PI", "Pi", "O", "S", "N", "Q", "C", "oo", "zoo",
]  # fmt: skip
LOOK_ALIKES = [
    "ｘ", "х", "𝑥", "ⅹ", "½", "∛x", "ℯ", "∞", "×", "x–y", "x—y", "（x）", "x＋y", "∣x∣", "‖x‖", "∑x", "∫x", "∂x", "∇x",
    "α", "x′", "x\u200b", "\u200bx", "\ufeffx", "x\u202e", "e\u0301", "١", "２", "x\u2028y", "😀", "\ud7ff", "√", "²",
    "x²²³ ⁴", "x²y", "x²3", "x².5", "x⁺", "x⁻", "√√x", "√x²", "√(x)²", "√x√y", "√2x", "√-x", "|", "||", "||x||", "|x|y|",
    "|x-|y||", "|x+|y|", "(|x)|", "|(x|)", "x|y|", "|x", "xπ", "πx", "ππ", "2π", "π2", "2|x|", "|x||y|", "∙", "⁰", "√" * 250,
    "|" * 500, "x²" * 250, "√(" * 200, "|x|+" * 125, "(" * 250 + "√x" + ")" * 248, "⁰" * 500, "x^²", "x**²", "x²^2", "|x|²^3",
]  # fmt: skip
PASTED = [
    "x²",
    "x³",
    "x⁴",
    "x¹⁰",
    "x⁻¹",
    "√x",
    "√(x)",
    "π",
    "x×y",
    "x·y",
    "x÷y",
    "x−y",
    "x∗y",
    "x⋅y",
    "|x|",
    "x\u00a0+ y",
]
CONTROLS = ["\x00", "x\x00", "x\ny", "x\r\ny", "\n", "x\n", "x\x0b", "x\x0c", "\x1b[31mx", "\x7f", "x\x08"]
TOWERS = [
    "9**9**9**9", "2**2**2**2**2**2", "x**(9**9**9)", "2**(x-x+10**9)", "(x+y+1)**300", "x**65", "x**-65", "x**64.5",
    "x**1e9", "x**(1e308*10)", "x**(pi*100)", "10**10**10", "((x**64)**64)**64", "exp(exp(exp(exp(x))))", "x**x**x**x",
    "exp(1e300)", "1e308*10", "1/0", "0/0", "0**-1", "log(0)", "log(-1)", "sqrt(-1)", "asin(2)", "tan(pi/2)",
]  # fmt: skip
SIZES = {
    "1 MB of x": "x" * 1_000_000,
    "1 MB of digits": "1" * 1_000_000,
    "100,000 opening brackets": "(" * 100_000,
    "100,000 brackets": "(" * 100_000 + "x" + ")" * 100_000,
    "33 brackets": "(" * 33 + "x" + ")" * 33,
    "33 calls": "sin(" * 33 + "x" + ")" * 33,
    "10,000 terms": "+".join(["x"] * 10_000),
    "10,000 factors": "*".join(["x"] * 10_000),
    "499 minus signs": "-" * 499 + "x",
    "165 powers": "x**" * 165 + "x",
    "500 spaces": " " * 500,
    "500 commas": "," * 500,
    "a maximum of 166": "max(" + ",".join(["x"] * 160) + ")",
    "500 digits": "1" * 500,
    "a name of 500": "q" * 500,
}
ALL = [*ATTRIBUTES, *CALLS, *SYNTAX, *LOOK_ALIKES, *PASTED, *CONTROLS, *TOWERS, *SIZES.values()]
FINE = [
    "+".join(["x"] * 100),
    "*".join(["(x+1)"] * 60),
    "(" * 32 + "x" + ")" * 32,
    "sin(" * 32 + "x" + ")" * 32,
    "-" * 200 + "x",
    "1e308*x",
    "x" + " " * 499,
    "\tx\t",
    *PASTED,
]
