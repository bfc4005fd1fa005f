import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engagement_lib.coding.carrying import carry_over
from engagement_lib.errors import TableError
from engagement_lib.privacy.placing import PLACES, map_codings, map_passages, map_places
from engagement_lib.privacy.pseudonyms import pseudonymise
from engagement_lib.tables import empty_table

KEY = b"a7c1e05b9d2f48366e8d0b7f1c95a234"


@st.composite
def cleaned(draw):
    """A text, the stretches that were replaced in it, and what became of it."""
    text = draw(st.text(alphabet="ab é🙂\n", min_size=1, max_size=40))
    cuts = sorted(draw(st.sets(st.integers(0, len(text)), max_size=8)))
    spans = list(zip(cuts[::2], cuts[1::2], strict=False))
    sources = pd.DataFrame({"source_id": ["P1", "P2"], "text": [text, "Nothing."]})
    findings = pd.DataFrame(
        {"source_id": "P1", "start": [one for one, _ in spans], "end": [end for _, end in spans], "kind": "person"}
    ).astype({"start": "int64", "end": "int64"})
    return sources, pseudonymise(sources, findings, key=KEY, level="direct")


def spans_of(places, names):
    return list(zip(*(places[name] for name in names), strict=True))


@given(cleaned(), st.data())
def test_there_and_back_is_the_identity_outside_of_what_was_replaced(made, data):
    sources, result = made
    text = sources.loc[0, "text"]
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    row = pd.DataFrame({"source_id": ["P1"], "start": [start], "end": [end]})
    there = map_places(row, result.places)
    back = map_places(there, result.places, back=True)
    touched = [span for span in spans_of(result.places, ("start", "end")) if span[0] < end and span[1] > start]
    wide = (min([start, *(one for one, _ in touched)]), max([end, *(last for _, last in touched)]))
    assert spans_of(back, ("start", "end")) == [wide]
    if not touched:
        assert result.sources.loc[0, "text"][there.loc[0, "start"] : there.loc[0, "end"]] == text[start:end]


@given(cleaned())
def test_what_stands_between_the_pseudonyms_is_what_stood_between_the_identifiers(made):
    sources, result = made
    kept = []
    for text, pair in (
        (sources.loc[0, "text"], ("start", "end")),
        (result.sources.loc[0, "text"], ("new_start", "new_end")),
    ):
        parts, at = [], 0
        for start, end in [*spans_of(result.places, pair), (len(text), len(text))]:
            parts.append(text[at:start])
            at = end
        kept.append(parts)
    assert kept[0] == kept[1]
    names = [result.sources.loc[0, "text"][start:end] for start, end in spans_of(result.places, ("new_start", "new_end"))]
    assert names == result.log["pseudonym"].tolist()


@given(cleaned(), st.data())
def test_the_quote_of_a_coding_is_what_stands_at_its_new_place(made, data):
    sources, result = made
    length = len(sources.loc[0, "text"])
    starts = data.draw(st.lists(st.integers(0, length - 1), max_size=5))
    ends = [data.draw(st.integers(start + 1, length)) for start in starts]
    columns = {"coding_id": [str(n) for n in range(len(starts))], "source_id": "P1", "start": starts, "end": ends, "quote": ""}
    mapped = map_codings(pd.DataFrame(columns), result.places, result.sources)
    text = result.sources.loc[0, "text"]
    assert mapped["quote"].tolist() == [text[start:end] for start, end in spans_of(mapped, ("start", "end"))]
    assert all(mapped["end"] > mapped["start"])


@pytest.mark.parametrize(
    ("place", "new"),
    [
        ((0, 4), (0, 4)),
        ((0, 5), (0, 16)),
        ((4, 9), (4, 16)),
        ((5, 6), (4, 16)),
        ((8, 12), (4, 19)),
        ((9, 12), (16, 19)),
        ((0, 12), (0, 19)),
    ],
)
def test_a_place_that_touches_a_replaced_stretch_takes_in_all_of_it(place, new):
    places = pd.DataFrame([("P1", 4, 9, 4, 16)], columns=list(PLACES))
    row = pd.DataFrame({"source_id": ["P1", "P2"], "start": place[0], "end": place[1]}, index=[7, 7])
    mapped = map_places(row, places)
    assert spans_of(mapped, ("start", "end")) == [new, place]
    assert mapped.index.tolist() == [7, 7]
    assert spans_of(row, ("start", "end")) == [place, place]


def test_codings_in_a_source_that_is_not_given_are_refused():
    codings = pd.DataFrame({"source_id": ["P3"], "start": [0], "end": [1]})
    with pytest.raises(TableError, match="no source 'P3'"):
        map_codings(codings, pd.DataFrame(columns=list(PLACES)), empty_table("sources"))


def test_readings_have_no_place_and_stay_as_they_are():
    readings = pd.DataFrame({"source_id": ["P3"], "coder": ["AB"]})
    pd.testing.assert_frame_equal(map_codings(readings, pd.DataFrame(columns=list(PLACES)), empty_table("sources")), readings)


def test_evidence_without_quotes_is_mapped_by_its_places_alone():
    places = pd.DataFrame([("P1", 4, 9, 4, 16)], columns=list(PLACES))
    sources = pd.DataFrame({"source_id": ["P1"], "text": ["Ask [Person 734]. No."]})
    evidence = pd.DataFrame({"claim_id": ["C1"], "source_id": ["P1"], "start": [11], "end": [14]})
    assert map_codings(evidence, places, sources).to_numpy().tolist() == [["C1", "P1", 18, 21]]


def test_no_places_and_no_rows_change_nothing():
    nothing = empty_table("codings")
    places = pd.DataFrame(columns=list(PLACES))
    assert len(map_codings(nothing, places, empty_table("sources"))) == 0


def test_cleared_quotes_stay_cleared_and_what_names_no_passage_stays_as_it_is():
    places = pd.DataFrame([("P1", 4, 9, 4, 16)], columns=list(PLACES))
    events = pd.DataFrame(
        {"about_type": ["passage", "claim", "passage"], "about_id": ["P1:10-12", "P1:10-12", "not a place"]}, index=[5, 3, 3]
    )
    assert map_passages(events, places)["about_id"].tolist() == ["P1:17-19", "P1:10-12", "not a place"]


def test_links_and_candidates_go_with_their_passage():
    places = pd.DataFrame([("S1/gaps", 4, 9, 4, 16)], columns=list(PLACES))
    events = pd.DataFrame({"about_type": ["link", "candidate", "link"], "about_id": ["C1/S1/gaps:10-12", "C1/P1:10-12", "C1"]})
    assert map_passages(events, places)["about_id"].tolist() == ["C1/S1/gaps:17-19", "C1/P1:10-12", "C1"]


def test_codings_are_carried_where_alignment_alone_would_carry_them():
    text = "We never have the time. I asked Gethin Pugh about it. Nobody rings back."
    sources = pd.DataFrame({"source_id": ["P1"], "text": [text]})
    findings = pd.DataFrame({"source_id": ["P1"], "start": [32], "end": [43], "kind": ["person"]})
    result = pseudonymise(sources, findings, key=KEY, level="direct")
    codings = pd.DataFrame(
        {"coding_id": ["1", "2"], "source_id": "P1", "start": [0, 54], "end": [23, 72], "code": "no-time", "coder": "AB",
         "quote": ["We never have the time.", "Nobody rings back."]}
    )  # fmt: skip
    mapped = map_codings(codings, result.places, result.sources)
    carried, _ = carry_over(codings, sources, result.sources)
    assert mapped["quote"].tolist() == codings["quote"].tolist()
    assert spans_of(mapped, ("start", "end")) == spans_of(carried, ("start", "end"))
