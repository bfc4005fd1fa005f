import pytest

from engagement_lib.privacy.gazetteer import load_gazetteer
from engagement_lib.privacy.generalising import General, generalise, grade_in, label, regions

SEVERAL = {
    "middlesex", "stratford", "bangor", "boston", "gillingham", "halifax", "hamilton", "newcastle", "newport", "newtown",
    "richmond", "st ives", "washington",
}  # fmt: skip


def test_every_place_of_the_gazetteer_has_a_region_but_for_those_of_which_there_are_several():
    g = load_gazetteer()
    assert {name.lower() for name in g.towns | g.counties} - set(regions()) == SEVERAL
    assert set(regions()) <= {name.lower() for name in g.towns | g.counties}


@pytest.mark.parametrize(
    ("kind", "words", "direct", "indirect", "public"),
    [
        ("place", "Truro", "place in the South West", "place in the South West", "place in England"),
        ("place", "HULL", "place in Yorkshire and the Humber", "place in Yorkshire and the Humber", "place in England"),
        ("place", "Camden", "place in London", "place in London", "place in England"),
        ("place", "Bala", "place in Wales", "place in Wales", "place in Wales"),
        ("place", "Galway", "place in Ireland", "place in Ireland", "place in Ireland"),
        ("place", "Paris", "place in another country", "place in another country", "place in another country"),
        ("place", "Newport", "place", "place", "place"),
        ("place", "Larkspur Road", "place", "place", "place"),
        ("postcode", "sw1a1aa", "postcode SW1A", "postcode area SW", "postcode"),
        ("postcode", "GIR 0AA", "postcode", "postcode", "postcode"),
        ("date", "the third of March", "date", "date", "date"),
        ("date", "3/3/2020", "2020", "2020", "2020"),
        ("date of birth", "3/3/1960", "date of birth", "date of birth", "date of birth"),
        ("role", "AO", "junior grade", "junior grade", "role"),
        ("role", "EOs", "junior grade", "junior grade", "role"),
        ("role", "executive officer", "junior grade", "junior grade", "role"),
        ("role", "HEO", "middle grade", "middle grade", "role"),
        ("role", "senior executive officer", "middle grade", "middle grade", "role"),
        ("role", "fast streamer", "middle grade", "middle grade", "role"),
        ("role", "Grade seven", "senior grade", "senior grade", "role"),
        ("role", "G6", "senior grade", "senior grade", "role"),
        ("role", "SCS 2", "senior civil service", "senior civil service", "role"),
        ("role", "deputy director of prices", "senior civil service", "senior civil service", "role"),
        ("role", "Permanent Secretary", "senior civil service", "senior civil service", "role"),
        ("role", "Head of Profession", "senior post", "senior post", "role"),
        ("role", "the census person", "role", "role", "role"),
        (
            "role",
            "nobody else in the office",
            "one of few in such a role",
            "one of few in such a role",
            "one of few in such a role",
        ),
        ("person", "Ann", "", "", ""),
    ],
)
def test_an_identifier_becomes_more_general_with_the_level(kind, words, direct, indirect, public):
    made = [generalise(kind, words, level) for level in ("direct", "indirect", "public")]
    assert made == [General(0, len(words), general) for general in (direct, indirect, public)]


@pytest.mark.parametrize("words", ["UK", "Scotland", "Northern  Ireland", "France", "South East"])
def test_what_is_as_general_as_a_region_stays(words):
    assert generalise("place", words, "public") is None


@pytest.mark.parametrize(
    ("words", "span"),
    [("aged 88", (5, 7)), ("she's ninety-one", (6, 16)), ("in her nineties", (0, 15)), ("Nonagenarians", (0, 13))],
)
def test_of_an_age_the_number_goes(words, span):
    assert generalise("age over 85", words, "indirect") == General(*span, "over 85")


@pytest.mark.parametrize(
    ("kind", "name"),
    [("e-mail", "E-mail"), ("UTR", "UTR"), ("URL", "Web address"), ("passport", "Passport number"), ("proper name", "Name")],
)
def test_a_kind_is_named_as_it_is_said(kind, name):
    assert label(kind) == name


@pytest.mark.parametrize(("words", "length"), [("HEO in the team", 3), ("Deputy Director", 15), ("I'm the only one", 0)])
def test_a_role_begins_with_its_grade_or_not(words, length):
    assert grade_in(words) == length
