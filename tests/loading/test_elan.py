"""Annotations by ELAN."""

import pytest

from engagement_lib.errors import TranscriptError
from engagement_lib.layout import Turn
from engagement_lib.loading.elan import read_elan

TIMES = {"a": "1000", "b": "2500", "c": ""}
SLOTS = "".join(
    f'<TIME_SLOT TIME_SLOT_ID="{slot}"' + (f' TIME_VALUE="{time}"' if time else "") + "/>" for slot, time in TIMES.items()
)


def annotation(words, start="a", end="b"):
    place = f'ANNOTATION_ID="a1" TIME_SLOT_REF1="{start}" TIME_SLOT_REF2="{end}"'
    value = f"<ANNOTATION_VALUE>{words}</ANNOTATION_VALUE>"
    return f"<ANNOTATION><ALIGNABLE_ANNOTATION {place}>{value}</ALIGNABLE_ANNOTATION></ANNOTATION>"


def tier(name, *annotations, **attributes):
    more = "".join(f' {key}="{value}"' for key, value in attributes.items())
    return f'<TIER TIER_ID="{name}" LINGUISTIC_TYPE_REF="text"{more}>{"".join(annotations)}</TIER>'


def elan(*tiers, slots=SLOTS, types=""):
    return f"<ANNOTATION_DOCUMENT><TIME_ORDER>{slots}</TIME_ORDER>{''.join(tiers)}{types}</ANNOTATION_DOCUMENT>".encode()


def problem(data):
    with pytest.raises(TranscriptError) as caught:
        read_elan(data, origin="P01.eaf")
    return str(caught.value)


def test_tiers_are_speakers_and_their_annotations_come_in_the_order_of_time():
    data = elan(
        tier("P01", annotation("Dim\nsyniad 🙈", "b", "c")), tier("x", annotation("Pwy?"), PARTICIPANT="Siân"), tier("empty")
    )
    assert read_elan(data, origin="P01.eaf").turns == [
        Turn("Siân", "Pwy?", time_start=1.0, time_end=2.5),
        Turn("P01", "Dim syniad 🙈", time_start=2.5),
    ]


def test_an_annotation_without_a_time_follows_the_one_before_it():
    data = elan(tier("P01", annotation("One.", "b", "c"), annotation("Two.", "c", "c")), tier("I", annotation("Who?")))
    assert [turn.words for turn in read_elan(data, origin="P01.eaf").turns] == ["Who?", "One. Two."]


def test_tiers_that_hold_codes_are_set_aside():
    kind = '<LINGUISTIC_TYPE LINGUISTIC_TYPE_ID="gesture" CONTROLLED_VOCABULARY_REF="g"/>'
    gesture = tier("hands", annotation("hold")).replace('TYPE_REF="text"', 'TYPE_REF="gesture"')
    reading = read_elan(
        elan(tier("P01", annotation("Me.")), tier("gloss", annotation("1SG"), PARENT_REF="P01"), gesture, types=kind), origin="a"
    )
    assert [turn.words for turn in reading.turns] == ["Me."]
    assert [piece for piece in reading.set_aside if piece[2] != "value that is not read"] == [
        (13, "1SG", "tier below another: gloss"),
        (17, "hold", "tier with a controlled vocabulary: hands"),
    ]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"<ANNOTATION_DOCUMENT>", "no XML that may be read"),
        (b"<TextGrid/>", "found the element TextGrid"),
        (b'<!DOCTYPE a [<!ENTITY b "c">]><ANNOTATION_DOCUMENT/>', "no XML that may be read (DTDForbidden"),
        (elan(tier("P01", annotation("Me.", "a", "z"))), "annotation 'a1': found time slot 'z'"),
        (elan(slots='<TIME_SLOT TIME_SLOT_ID="a" TIME_VALUE="soon"/>'), "time slot 'a': found 'soon'"),
    ],
)
def test_what_is_no_elan_file_is_named(data, said):
    assert said in problem(data)
