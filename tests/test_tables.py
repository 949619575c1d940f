"""Tables of numbers as people's programs write them: read as they are meant, or refused with what to do."""

import math
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from fall_line.tables import table

from .csv_texts import known, made


def refusals(text):
    with pytest.raises(ValidationError) as caught:
        table(text)
    return [(error["loc"], error["msg"]) for error in caught.value.errors()]


@pytest.mark.parametrize(
    "text",
    [
        "hours,score\n1,52.5\n2,55\n",
        "hours;score\n1;52,5\n2;55\n",
        "\ufeffhours\tscore\r\n1\t52.5\r\n\r\n2\t55",
        '"hours","score"\n" 1","52.5"\n2,55\n',
    ],
)
def test_tables_are_read_as_spreadsheets_write_them(text):
    read = table(text)
    assert read.columns == {"hours": [1.0, 2.0], "score": [52.5, 55.0]} and read.rows == 2


@pytest.mark.parametrize(
    ("text", "path", "words"),
    [
        ("", (), "nothing here"),
        ("a,b\n", ("rows",), "no rows"),
        ("a,b\n1,2\n", ("rows",), "one row only"),
        ("1,2\n3,4\n", ("rows", 0), "first line must name"),
        ("a\n1\n2\n", ("rows", 0), "one column only"),
        ("a,a\n1,2\n3,4\n", ("rows", 0, "a"), "have this name"),
        ("a,\n1,2\n3,4\n", ("rows", 0), "no name"),
        ("a,b\n1,x\n3,4\n", ("rows", 1, "b"), "row 1, column b: this is not a number"),
        ("a,b\n1,2\n3,\n", ("rows", 2, "b"), "a value is missing"),
        ("a,b\n1,2\n3,NaN\n", ("rows", 2, "b"), "a value is missing"),
        ("a,b\n1,2\n3,1e999\n", ("rows", 2, "b"), "not a number"),
        ("a,b\n1,2\n3,1_0\n", ("rows", 2, "b"), "not a number"),
        ("a,b\n1,2,3\n", ("rows",), "one row"),
        ("a,b\n1,2,3\n4,5\n", ("rows", 1), "3 values"),
        ('a,b\n"1,2\n3,4', (), "not a table"),
        ("a,b\n" + "1,2\n" * 100_000, ("rows",), "100,000 rows; up to 10,000"),
    ],
)
def test_a_table_that_is_none_is_refused_with_its_place(text, path, words):
    ((place, message),) = refusals(text)
    assert place == path and words in message


@pytest.mark.parametrize(
    ("text", "a"),
    [
        ("a;b\n1.234;2,5\n2.345;3,5\n", [1234, 2345]),
        ("a;b\n1.234;2\n1.234.567;3\n", [1234, 1_234_567]),
        ("a;b\n1.234,5;2\n2.345;3\n", [1234.5, 2345]),
        ("a;b\n1,234;2.5\n2,345;3.5\n", [1234, 2345]),
        ("a\tb\n1,234.5\t2\n2,345\t3\n", [1234.5, 2345]),
        ("a;b\n1.234;0,123\n-2.345;3\n", [1234, -2345]),
        ("a;b\n1.234;0.123\n2.345;3\n", [1.234, 2.345]),
        ("a;b\n1.234;2\n1234.567;3\n", [1.234, 1234.567]),
        ("a;b\n1.234;2\n1.2345;3\n", [1.234, 1.2345]),
        ("a|b\n1.234|2\n1.234e3|3\n", [1.234, 1234]),
        ("a;b\n1,234;2\n,5;3\n", [1.234, 0.5]),
        ("a;b\n1'234.5;2\n12'345;3\n", [1234.5, 12_345]),
        ("a;b\n1’234;2\n1.234;3\n", [1234, 1.234]),
        ("a;b\n1 234;2\n1,234;3\n", [1234, 1.234]),
        ("a;b\n1\u202f234,5;2\n1\u00a0234\u00a0567;3\n", [1234.5, 1_234_567]),
        ("a;b\n12,34,567;2\n1,234;3\n", [1_234_567, 1234]),
        ("a,b\n1.234,2.345\n12.345,3.456\n", [1.234, 12.345]),
        ('a,b\n"1,234",2.5\n"12,345",3.5\n', [1234, 12_345]),
        ('a,b\n"1,5",1.234\n"2,345",2.345\n', [1.5, 2.345]),
        ("a;b;c\n1.234;2,5;Bob 1.5\n2.345;3,5;x\n", [1234, 2345]),
        ("a;b\n\u22121.234;2,5\n+2.345;\u22123,5\n", [-1234, 2345]),
    ],
)
def test_marks_are_read_as_the_text_shows_them(text, a):
    assert table(text).columns["a"] == a


@pytest.mark.parametrize(
    ("text", "path", "both"),
    [
        ("a;b\n1.234;2\n2.345;3\n", ("rows", 1, "a"), "1.234 could be 1234 or 1.234"),
        ("a;b\n1;2\n1;-23,456\n", ("rows", 2, "b"), "-23,456 could be -23456 or -23.456"),
        ("a\tb\n100.000\t2\n1\t2\n", ("rows", 1, "a"), "100.000 could be 100000 or 100"),
        ('a,b\n"1,234",1\n"2,345",2\n', ("rows", 1, "a"), "1,234 could be 1234 or 1.234"),
        ("a;b\n1.234;2,345\n3;4\n", ("rows", 1, "a"), "1.234 could be 1234 or 1.234"),
        ("who|a|b\nx|1|2\ny|3|4.321\n", ("rows", 2, "b"), "4.321 could be 4321 or 4.321"),
        ("a;b;c\n1.5;2,5;1.234\n3.5;4,5;1\n", ("rows", 1, "c"), "other columns show both"),
    ],
)
def test_a_number_that_may_be_two_is_refused_with_both(text, path, both):
    ((place, message),) = refusals(text)
    assert place == path and both in message


def test_one_number_that_is_clear_settles_the_others():
    text = "a;b\n1.234;2.345\n3.456;4.567\n"
    ((_, message),) = refusals(text)
    assert message.endswith("write 1234 without the mark, or 1.2340 with one more decimal")
    assert table(text.replace("1.234;", "1.2340;")).columns == {"a": [1.234, 3.456], "b": [2.345, 4.567]}


TWO = {"x, in cm": [1, 3], "y": [2, 4]}


@pytest.mark.parametrize(
    ("text", "columns"),
    [
        ("x, in cm;y\n1;2\n3;4\n", TWO),
        ('"x, in cm";y\n1;2\n3;4\n', TWO),
        ('"x, in cm","y"\n"1","2"\n3,4\n', TWO),
        ("x, in cm\ty\n1\t2\n3\t4\n", TWO),
        ("x, in cm|y\n1,0|2\n3|4,0\n", TWO),
        ("x, in cm;y, in kg\n1,5;2,5\n3,5;4,5\n", {"x, in cm": [1.5, 3.5], "y, in kg": [2.5, 4.5]}),
        ("x, a\twho\ty, b\n1,5\tAda\t2,5\n3,5\tBob\t4,5\n", {"x, a": [1.5, 3.5], "y, b": [2.5, 4.5]}),
        ('"a;b;c","d"\n1,2\n3,4\n', {"a;b;c": [1, 3], "d": [2, 4]}),
        ('who,a,b\n"x; y; z",1,2\n"u; v",3,4\n', {"a": [1, 3], "b": [2, 4]}),
        ("sep=;\na,1;b\n1;2\n3;4\n", {"a,1": [1, 3], "b": [2, 4]}),
        ('"sep=|"\r\na|b\r\n1,5|2\r\n3|4\r\n', {"a": [1.5, 3], "b": [2, 4]}),
        ("SEP=\t\na\tb\n1\t2\n3\t4\n", {"a": [1, 3], "b": [2, 4]}),
    ],
)
def test_the_delimiter_is_what_cuts_all_lines_alike(text, columns):
    assert table(text).columns == columns


@pytest.mark.parametrize(
    "text",
    [
        "# made by A, B, C\na,b\n1,2\n  # half, way\n3,4\n#",
        "#a,b\n1,2\n3,4\n",
        "# a, b\n1,2\n3,4\n",
        "a,b,\n1,2,\n3,4,\n",
        "a,b\n1,2,,\n3,4,,\n",
        "a;b;;\n1;2;;\n;;;\n3;4;;\n",
        'a, "b"\n1, "2"\n3 , 4 \n',
        '"a" , "b" \n"1" ,"2" \n3,4',
        "\ufeffa,b\r\n\r\n1,2\r\n3,4\r\n",
        "a,b\r1,2\r3,4\r",
        "\n\n  \na\tb\n\n1\t2\n \t \n3\t4\n",
        "a;b\n+1;2,0\n3;4e0\n",
    ],
)
def test_what_is_no_part_of_the_table_is_passed_over(text):
    assert table(text) == ({"a": [1, 3], "b": [2, 4]}, 2, [])


@pytest.mark.parametrize(
    ("text", "kept", "left_out"),
    [
        ("who,a,b\nAda,1,2\nBob,3,4\n", "ab", {"who": "none of its values"}),
        (",a,b\n0,1,2\n1,3,4\n", "ab", {"": "column 1 has no name"}),
        ("a,b,c\n1,x,2\n3,,4\n", "ac", {"b": "none of its values"}),
        ("a,b,c\n1,2,2\n3,x,4\n", "ac", {"b": "row 2: this is not a number (line 3)"}),
        ("a,b,c\n1,,2\n3,,4\n", "ac", {"b": "all its values are missing"}),
        ("a,b,c\n1,#N/A,2\n3,5,4\n", "ac", {"b": "row 1: a value is missing (line 2)"}),
        ("b,a,c\n#DIV/0!,1,2\n5,3,4\n", "ac", {"b": "row 1: a value is missing (line 2)"}),
        ("a,b,c\n1,5,2\n3,-,4\n", "ac", {"b": "row 2: a value is missing (line 3)"}),
        (
            "a;b;c\n1;1.5;2\n3;2,5;4\n",
            "ac",
            {"b": "row 2: this has a decimal comma, and row 1 a decimal point"},
        ),
        ("a,b,b,c\n1,5,5,2\n3,6,6,4\n", "ac", {"b": "two columns have this name"}),
        ("#,who,a,c\n1,Ada,1,2\n2,Bob,3,4\n", "#ac", {"who": "none of its values"}),
        (
            "a,day,c,\n1,1/2/2020,2,x\n3,2/2/2020,4,y\n",
            "ac",
            {"day": "none of its values", "": "column 4 has no name"},
        ),
        (
            "a;p;c\n1;5 %;2\n3;6;4\n",
            "ac",
            {"p": "row 1: this is not a number (line 2); write it without units"},
        ),
    ],
)
def test_a_column_that_is_none_of_numbers_is_left_out_with_its_reason(text, kept, left_out):
    read = table(text)
    assert (
        list(read.columns) == list(kept)
        and read.columns["a"] == [1, 3]
        and read.columns["c" if "c" in kept else "b"] == [2, 4]
    )
    assert [each["column"] for each in read.left_out] == list(left_out)
    assert all(left_out[each["column"]] in each["reason"] for each in read.left_out)


@pytest.mark.parametrize(
    ("text", "path", "words"),
    [
        ("# a note\n\na,b\n1,2\n\n3,x\n", ("rows", 2, "b"), "row 2, column b: this is not a number (line 6)"),
        ('"a\n(cm)",b\n1,"2\n"\n3,\n', ("rows", 2, "b"), "row 2, column b: a value is missing (line 5)"),
        ("a;b\r\n1;2\r\n;;\r\n3;4;5\r\n", ("rows", 2), "row 2 has 3 values (line 4), and there are 2"),
        ("sep=,\na,b\n1,2\n3\n", ("rows", 2), "row 2 has 1 of 2 values (line 4)"),
        ("a,b\n1,5,2\n2,5,3\n", ("rows", 1), "row 1 has 3 values (line 2)"),
        ("a;b\nr1;1;2\nr2;3;4\n", ("rows", 1), "row 1 has 3 values (line 2)"),
        ("\n\nsep=;\na;b\n1;2\n3;x\n", ("rows", 2, "b"), "(line 6)"),
        ('a,b\n\n1,"2\n3,4\n', (), "line 3: a quote is opened and not closed"),
        ('a,b\n1,2\n3,"4"x\n', (), "line 3: something follows a closing quote"),
        ('a,b\n1,"' + "2" * 200_000 + '"\n3,4\n', (), "line 2: a value has more than 131,072 characters"),
        ("# a\n#1,2\n", (), "nothing here"),
        (";a\n;1\n;2\n", ("rows", 0), "one column only"),
    ],
)  # fmt: skip
def test_a_refusal_counts_rows_and_lines_as_the_text_has_them(text, path, words):
    ((place, message),) = refusals(text)
    assert place == path and words in message


def test_without_two_columns_of_numbers_every_other_one_says_why():
    assert refusals("who,a,day,b\nAda,1,Monday,2\nBob,3,Friday,x\n") == [
        (("rows", 1, "who"), "column who: none of its values is a number; two columns of numbers are needed"),
        (("rows", 1, "day"), "column day: none of its values is a number"),
        (
            ("rows", 2, "b"),
            "row 2, column b: this is not a number (line 3); write it without units and words",
        ),
    ]


@pytest.mark.parametrize("seed", range(300))
def test_a_text_by_a_program_is_read_as_it_was_meant_or_refused(seed):
    text = made(seed)
    expected = known(text)
    if expected is None:
        ((_, message),) = refusals(text.text)
        assert " could be " in message
        return
    # What can be known is what was meant.
    assert expected == text.numbers
    read = table(text.text)
    assert read.columns == text.numbers
    reasons = [(each["column"], each["reason"]) for each in read.left_out]
    assert len(reasons) == len(text.left_out)
    for name, words in text.left_out:
        assert any(name == column and words in reason for column, reason in reasons)


def test_the_texts_are_of_both_kinds():
    refused = sum(known(made(seed)) is None for seed in range(300))
    assert 50 < refused < 150


def understood(text):
    """Read a text, which is refused or becomes columns of finite numbers of one length."""
    try:
        read = table(text)
    except ValidationError as error:
        assert 1 <= error.error_count() <= 64
        return
    assert len(read.columns) >= 2
    for values in read.columns.values():
        assert len(values) == read.rows and all(map(math.isfinite, values))


@given(st.text(alphabet="ab,;\t|\n\r \"'#.-+−–1230eE=s\u00a0\u202f\ufeff\x00٣½", max_size=60))
@settings(max_examples=400, deadline=None)
def test_no_text_whatever_is_a_mistake_of_ours(text):
    understood(text)
    understood(f"a;b\n1;2\n3;{text}\n")
    understood(f"a,b\n{text},2\n3,4\n")
    understood(f"{text},a\n1,2\n3,4\n")
    understood(f"{text};a\n;2\n;4\n")


def test_texts_with_slips_are_read_or_refused():
    rng = random.Random(12)
    for seed in range(300):
        text = made(seed).text
        for _ in range(3):
            place = rng.randrange(len(text) + 1)
            text = text[:place] + rng.choice([*',;\t|"\n\r#.e- ', ""]) + text[place + rng.randrange(3) :]
        understood(text)


@pytest.mark.parametrize(
    "text",
    [
        '"' * 2_000_001,
        '",' * 1_000_000,
        'a,b\n' + '"1\n' * 600_000,
        "a;b\n" + ("1" + ",234" * 90 + "x;2\n") * 5000,
        "a;b\n1;" + "1" * 2_000_000,
        'sep=;' + " " * 2_000_000,
        ('" ' + " " * 1000 + "x\n") * 2000,
        ";" * 2_000_000 + "\n1;2\n",
    ],
    ids=["quotes", "quoted commas", "open quotes", "groups", "digits", "spaces", "quotes, spaces", "names"],
)  # fmt: skip
def test_two_megabytes_of_nonsense_are_refused_at_once(text):
    assert refusals(text)
