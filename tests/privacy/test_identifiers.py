import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engagement_lib.privacy.identifiers import find_identifiers
from engagement_lib.tables import empty_table


def find(text):
    table = find_identifiers(pd.DataFrame({"source_id": ["P1"], "text": [text]}), level="shapes")
    return list(table[["kind", "quote"]].itertuples(index=False, name=None))


# Telephone numbers of Ofcom's ranges for drama, domains of RFC 2606, NHS and National Insurance numbers that nobody is given.
@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("e-mail", "ann.o'neil+ons@mail.example.org"),
        ("URL", "https://www.example.org/people?id=7"),
        ("URL", "www.example.org"),
        ("URL", "example.co.uk/in/ann-smith"),
        ("telephone", "07700 900123"),
        ("telephone", "07700900123"),
        ("telephone", "020 7946 0958"),
        ("telephone", "(0117) 496 0123"),
        ("telephone", "01632-960-001"),
        ("telephone", "01632 96001"),
        ("telephone", "029 2018 0999"),
        ("telephone", "0808 157 0000"),
        ("telephone", "+44 7700 900 123"),
        ("telephone", "+44 (0)20 7946 0000"),
        ("telephone", "0044 20 7946 0000"),
        ("telephone", "020\u00a07946\u20130958"),
        ("postcode", "SW1A 1AA"),
        ("postcode", "sw1a1aa"),
        ("postcode", "M1 1AE"),
        ("postcode", "Sw1a 1aa"),
        ("postcode", "GIR 0AA"),
        ("National Insurance number", "QQ 12 34 56 C"),
        ("National Insurance number", "qq123456c"),
        ("National Insurance number", "QQ123456"),
        ("NHS number", "943 476 5919"),
        ("NHS number", "943-476-5919"),
        ("NHS number", "9434765919"),
        ("handle", "@ann_smith"),
        ("handle", "@ann@social.example"),
    ],
)
def test_an_identifier_is_found_between_other_words(kind, words):
    assert find(f"Mae 🕰️ {words}, medden nhw") == [(kind, words)]
    assert find(f"({words})") == [(kind, words)]
    assert find(f"see {words}.") == [(kind, words)]


@pytest.mark.parametrize(
    "words",
    [
        "12,345 of 1,234,567,890",
        "£1234567890",
        "0.1234567890",
        "2019, 2020 and 2021",
        "01-02-2020 10:30",
        "2020-09-21 09:30:00",
        "[participant] 0:00:12–0:00:30",
        "07700 900",
        "between 250000 and 300000 a year",
        "W1 2nd half",
        "3 p.m. @ the office",
        "12345678901234",
        "four per cent (4.25%)",
        "source P07, Q10",
    ],
)
def test_dates_years_and_figures_are_no_identifiers(words):
    assert find(words) == []


@pytest.mark.parametrize(
    ("words", "rule"),
    [
        ("943 476 5919", "check digit right"),
        ("943 476 5870", "check digit right"),
        ("943 476 5918", "shape only"),
        ("123 456 7890", "shape only"),
        ("QQ123456C", "shape only"),
        ("GB123456A", "shape only"),
        ("AB123456C", "prefix in use"),
        ("+44 7700 900123", "UK number with +44"),
        ("07700 900123", "UK number with 0"),
        ("SW1A 1AA", "UK postcode"),
        ("www.example.org", "http or www"),
        ("example.org", "domain"),
        ("a@example.org", "name@domain"),
        ("@ann", "@name"),
    ],
)
def test_the_rule_says_how_sure_the_find_is(words, rule):
    assert find_identifiers(pd.DataFrame({"source_id": ["P1"], "text": [words]}))["rule"].tolist() == [rule]


def test_ten_digits_are_an_nhs_number_if_the_check_digit_is_right_and_else_a_telephone_number_if_they_begin_so():
    assert find("0163296001 0117496012") == [("telephone", "0163296001"), ("telephone", "0117496012")]
    assert find("0101010109") == [("NHS number", "0101010109")]


def test_what_lies_within_a_longer_find_is_left_out():
    assert find("mailto:ann@example.org https://example.org/@ann/07700900123 +44 07700900123") == [
        ("e-mail", "ann@example.org"),
        ("URL", "https://example.org/@ann/07700900123"),
        ("telephone", "+44 07700900123"),
    ]


def test_finds_come_by_source_and_place_in_any_order_of_the_sources():
    sources = pd.DataFrame({"source_id": ["P2", "P1"], "text": ["@bob", "M1 1AE and\n@ann"]})
    expected = pd.DataFrame(
        [
            ("P1", 0, 6, "postcode", "UK postcode", "M1 1AE", "high", True, "M1 1AE and @ann"),
            ("P1", 11, 15, "handle", "@name", "@ann", "high", True, "M1 1AE and @ann"),
            ("P2", 0, 4, "handle", "@name", "@bob", "high", True, "@bob"),
        ],
        columns=["source_id", "start", "end", "kind", "rule", "quote", "confidence", "direct", "context"],
    ).astype(dict.fromkeys(["source_id", "kind", "rule", "quote", "confidence", "context"], "str"))
    pd.testing.assert_frame_equal(find_identifiers(sources), expected)
    pd.testing.assert_frame_equal(find_identifiers(sources.iloc[::-1]), expected)


@pytest.mark.parametrize("level", ["shapes", "direct", "all"])
def test_no_sources_give_an_empty_table_with_its_types(level):
    table = find_identifiers(empty_table("sources"), level=level)
    assert table.dtypes.astype(str).to_dict() == {
        "source_id": "str", "start": "int64", "end": "int64", "kind": "str", "rule": "str", "quote": "str",
        "confidence": "str", "direct": "bool", "context": "str",
    }  # fmt: skip


@given(st.text(alphabet="0174+ ()-.@awWSMA1/:é", max_size=60))
def test_the_quote_is_what_stands_at_its_place_and_no_find_lies_within_another(text):
    table = find_identifiers(pd.DataFrame({"source_id": ["P1"], "text": [text]}), level="shapes")
    assert [text[start:end] for start, end in zip(table["start"], table["end"], strict=True)] == table["quote"].tolist()
    assert table["start"].is_monotonic_increasing
    assert table["end"].is_unique
    assert table["end"].is_monotonic_increasing
