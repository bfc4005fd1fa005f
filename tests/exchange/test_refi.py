import pandas as pd
import pytest
from defusedxml.ElementTree import fromstring
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from engagement_lib.coding.codebook import codebook_tree
from engagement_lib.errors import TableError
from engagement_lib.exchange.refi import read_codebook, write_codebook
from engagement_lib.loading.text import normalise
from engagement_lib.tables import check_table, empty_table

NS = 'xmlns="urn:QDA-XML:codebook:1.0"'
words = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"], exclude_characters="\ufffe\uffff"), max_size=20)
lines = st.lists(
    st.sampled_from(["Include: ", "\\Include: ", "Exclude: so", "Example:", "a", "<b>&amp;", "]]>", " ", "é", "א", "", "\t"])
)
texts = (lines.map("\n".join) | words).map(normalise)
names = words.map(normalise).filter(bool)
colours = st.sampled_from(["", "#12436D", "#abc"])


@st.composite
def codebooks(draw):
    """A codebook whose parents, if any, are earlier codes, in the order of its tree."""
    codes = draw(st.lists(names, unique=True, max_size=5))
    rows = [
        {
            "code": code,
            "parent": draw(st.sampled_from(["", *codes[:number]])),
            "colour": draw(colours),
            "theme": draw(names | st.just("")),
            **{column: draw(texts) for column in ("definition", "include", "exclude", "example", "counter_evidence")},
        }
        for number, code in enumerate(codes)
    ]
    if not rows:
        return empty_table("codebook")
    table = check_table("codebook", pd.DataFrame(rows))
    return table.set_index("code").loc[codebook_tree(table)["code"]].reset_index()[list(table.columns)]


@given(codebooks())
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@example(check_table("codebook", pd.DataFrame({"code": [" a\nb\t"], "definition": ["\n\n"], "include": ["\n\nInclude: x\n\n"]})))
def test_a_codebook_is_read_back_as_it_was_written(tmp_path, codebook):
    write_codebook(codebook, tmp_path / "codes.qdc")
    pd.testing.assert_frame_equal(read_codebook(tmp_path / "codes.qdc"), codebook)


CODEBOOK = check_table(
    "codebook",
    pd.DataFrame(
        {
            "code": ["phone", "contact", "amser"],
            "parent": ["contact", "", ""],
            "definition": ["A call.", "", "Dim amser, café 🕰️"],
            "include": ["Any call.", "", ""],
            "exclude": ["", "Letters.", ""],
            "example": ["“She rang.”", "", ""],
            "colour": ["#801650", "", ""],
            "theme": ["culture", "", "culture"],
        }
    ),
)


def test_children_come_below_their_parents_and_themes_as_sets(tmp_path):
    write_codebook(CODEBOOK, tmp_path / "codes.qdc")
    assert (
        (tmp_path / "codes.qdc").read_text(encoding="utf-8")
        == """<?xml version='1.0' encoding='utf-8'?>
<CodeBook xmlns="urn:QDA-XML:codebook:1.0" origin="engagement_lib">
  <Codes>
    <Code guid="80BBB0BF-D072-59EF-983F-A7D0FF7BE549" name="contact" isCodable="true">
      <Description>Exclude: Letters.</Description>
      <Code guid="5FFEFE10-3442-5E9A-A7A6-83A248260835" name="phone" isCodable="true" color="#801650">
        <Description>A call.

Include: Any call.

Example: “She rang.”</Description>
      </Code>
    </Code>
    <Code guid="767EBD04-4253-53EF-A3C4-EB7330B236D2" name="amser" isCodable="true">
      <Description>Dim amser, café 🕰️</Description>
    </Code>
  </Codes>
  <Sets>
    <Set guid="7BD0B304-CFC0-5D56-B51B-CF7ACD07404B" name="culture">
      <MemberCode guid="5FFEFE10-3442-5E9A-A7A6-83A248260835" />
      <MemberCode guid="767EBD04-4253-53EF-A3C4-EB7330B236D2" />
    </Set>
  </Sets>
</CodeBook>
"""
    )


def test_the_same_codebook_gives_the_same_bytes(tmp_path):
    for name in ("one.qdc", "two.qdc"):
        write_codebook(CODEBOOK, tmp_path / name)
    assert (tmp_path / "one.qdc").read_bytes() == (tmp_path / "two.qdc").read_bytes()


def test_ids_are_of_the_shape_that_the_standard_asks_for_and_each_is_used_once(tmp_path):
    write_codebook(CODEBOOK, tmp_path / "codes.qdc")
    root = fromstring((tmp_path / "codes.qdc").read_bytes())
    ids = [element.get("guid") for tag in ("Code", "Set") for element in root.iter(f"{{urn:QDA-XML:codebook:1.0}}{tag}")]
    assert len(set(ids)) == 4
    assert all(pd.Series(ids).str.fullmatch(r"[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}"))


def foreign(tmp_path, xml, name="theirs.qdc"):
    path = tmp_path / name
    path.write_bytes(xml if isinstance(xml, bytes) else xml.encode())
    return path


def test_a_codebook_of_another_tool_is_read(tmp_path):
    xml = f"""\ufeff<?xml version="1.0" encoding="utf-8"?>
<CodeBook {NS} xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="urn:QDA-XML:codebook:1.0 Codebook.xsd"
 origin="Another tool"><Codes>
<Code guid="{{1ff58b12-6f6f-4b0c-8be5-bbdc91f55294}}" name="cafe\u0301" color="#46AA00" isCodable="false">
  <Description>Where people meet.\r\n\r\nExclude: Pubs.\r\n\r\nExclude: Bars.</Description>
  <Code guid="2" name="tea" isCodable="true"/></Code>
<Code guid="3" name="empty" isCodable="true"><Description></Description></Code>
</Codes><Sets><Set name="food" guid="4"><Description>All food</Description>
<MemberCode guid="1FF58B12-6F6F-4B0C-8BE5-BBDC91F55294"/><MemberCode targetGUID="2"/></Set>
<Set name="places" guid="5"><MemberCode guid="1FF58B12-6F6F-4B0C-8BE5-BBDC91F55294"/></Set></Sets></CodeBook>"""
    expected = check_table(
        "codebook",
        pd.DataFrame(
            {
                "code": ["café", "tea", "empty"],
                "parent": ["", "café", ""],
                "definition": ["Where people meet.", "", ""],
                "exclude": ["Pubs.\nBars.", "", ""],
                "colour": ["#46AA00", "", ""],
                "theme": ["food; places", "food", ""],
            }
        ),
    )
    pd.testing.assert_frame_equal(read_codebook(foreign(tmp_path, xml)), expected)


def test_a_file_in_utf_16_is_read(tmp_path):
    xml = f'<?xml version="1.0" encoding="utf-16"?><CodeBook {NS}><Codes><Code guid="1" name="tŷ"/></Codes></CodeBook>'
    assert read_codebook(foreign(tmp_path, xml.encode("utf-16")))["code"].tolist() == ["tŷ"]


def test_a_codebook_without_codes_is_empty(tmp_path):
    pd.testing.assert_frame_equal(
        read_codebook(foreign(tmp_path, f"<CodeBook {NS}><Codes/></CodeBook>")), empty_table("codebook")
    )


@pytest.mark.parametrize(
    ("xml", "found"),
    [
        ("<CodeBook", "no XML that may be read (ParseError"),
        ('<?xml version="1.0" encoding="no-such"?><CodeBook/>', "no XML that may be read ("),
        ('<!DOCTYPE a [<!ENTITY b "c">]><CodeBook/>', "no XML that may be read (EntitiesForbidden"),
        ("<CodeBook/>", "the element CodeBook; expected {urn:QDA-XML:codebook:1.0}CodeBook"),
        ('<Project xmlns="urn:QDA-XML:project:1.0"/>', "the element {urn:QDA-XML:project:1.0}Project"),
        (" ", "an empty file"),
    ],
)
def test_what_is_no_codebook_is_named(tmp_path, xml, found):
    with pytest.raises(TableError) as error:
        read_codebook(foreign(tmp_path, xml))
    assert str(error.value).startswith(f"theirs.qdc: found {found}")


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(TableError, match=r"gone\.qdc: found no such file"):
        read_codebook(tmp_path / "gone.qdc")


def test_names_that_are_missing_or_not_unique_and_sets_of_strangers_are_all_named(tmp_path):
    codes = '<Code guid="1" name="a"><Code guid="2" name="b"/></Code><Code guid="3" name="b"/>'
    codes += '<Code guid="4"/><Code guid="5" name=""/>'
    sets = '<Set guid="6" name="s"><MemberCode guid="9"/></Set><Set guid="7"><MemberCode guid="1"/></Set>'
    with pytest.raises(TableError) as error:
        read_codebook(foreign(tmp_path, f"<CodeBook {NS}><Codes>{codes}</Codes><Sets>{sets}</Sets></CodeBook>"))
    assert [(problem.place, problem.found) for problem in error.value.problems] == [
        ("code 4", "no name"),
        ("code 5", "no name"),
        ("code 'b'", "2 of this name"),
        ("set 's'", "the code 9"),
        ("set 2", "no name"),
    ]


def test_what_the_format_cannot_hold_is_named_and_nothing_is_written(tmp_path):
    codes = pd.DataFrame({"code": ["a", "b"], "definition": ["bell \x07", ""], "colour": ["", "red"]})
    with pytest.raises(TableError) as error:
        write_codebook(codes, tmp_path / "codes.qdc")
    assert [(problem.place, problem.found) for problem in error.value.problems] == [
        ("code 'a'", "the character U+0007 in 'definition'"),
        ("code 'b'", "colour 'red'"),
    ]
    assert list(tmp_path.iterdir()) == []


def test_a_parent_that_is_no_code_is_named(tmp_path):
    with pytest.raises(TableError, match="its parent 'x' is not in the codebook"):
        write_codebook(pd.DataFrame({"code": ["a"], "parent": ["x"]}), tmp_path / "codes.qdc")
