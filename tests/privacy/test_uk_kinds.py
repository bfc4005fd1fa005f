"""Each kind that the library looks for, in the ways in which people in the United Kingdom write and say it."""

import pandas as pd
import pytest

from engagement_lib.privacy.identifiers import find_identifiers

# Numbers that nobody has: telephones of Ofcom's ranges for drama, QQ for National Insurance, licences of the DVLA's examples.
FOUND = [
    ("NHS number", "943 476 5918", "NHS number: 943 476 5918"),
    ("NHS number", "943 476 5919", "NHS number 943 476 5919"),
    ("NHS number", "9434765919", "my NHS no is 9434765919"),
    ("National Insurance number", "AB123456", "AB123456"),
    ("National Insurance number", "QQ 12 34 56 C", "NI number QQ 12 34 56 C"),
    ("National Insurance number", "qq123456c", "nino qq123456c"),
    ("URL", "gethin.github.io", "see gethin.github.io"),
    ("URL", "linkedin.com/in/gethin-pugh", "linkedin.com/in/gethin-pugh"),
    ("URL", "twitter.com/gethinpugh", "twitter.com/gethinpugh"),
    ("UTR", "19558 39661", "My UTR is 19558 39661."),
    ("UTR", "1955839661", "tax reference of 1955839661"),
    ("UTR", "1955839661", "unique taxpayer reference 1955839661"),
    ("UTR", "1955839661K", "UTR: 1955839661K"),
    ("age over 85", "101", "aged 101"),
    ("age over 85", "86", "I'm 86"),
    ("age over 85", "87", "She is 87 years old."),
    ("age over 85", "90th birthday", "my 90th birthday"),
    ("age over 85", "91", "She's 91."),
    ("age over 85", "93-year-old", "a 93-year-old"),
    ("age over 85", "eighty-eight", "at the age of eighty-eight"),
    ("age over 85", "late eighties", "he was in his late eighties"),
    ("age over 85", "ninety-four year old", "my ninety-four year old father"),
    ("age over 85", "ninety-two", "my mum, who's ninety-two, uses it"),
    ("bank account", "1234 5678", "Sort code: 204553, account number: 1234 5678"),
    ("bank account", "12345678", "pay it into 12345678, 20 45 53"),
    ("bank account", "12345678", "sort code 20-45-53 and account 12345678"),
    ("bank account", "20-45-53 12345678", "It is 20-45-53 12345678."),
    ("bank account", "GB82 WEST 1234 5698 7654 32", "IBAN GB82 WEST 1234 5698 7654 32"),
    ("date of birth", "01/05/1952", "DOB 01/05/1952"),
    ("date of birth", "1 May 1952", "born on 1 May 1952"),
    ("date of birth", "1952", "I was born in 1952"),
    ("date of birth", "the first of May 1952", "my date of birth is the first of May 1952"),
    ("date", "03/03/20", "03/03/20"),
    ("date", "14th of July", "Tuesday the 14th of July"),
    ("date", "2020-03-03", "2020-03-03"),
    ("date", "3 March 2020", "on 3 March 2020"),
    ("date", "the third of March", "the third of March"),
    ("driving licence", "MORGA 753116 SM9IJ 35", "driving licence number MORGA 753116 SM9IJ 35"),
    ("driving licence", "MORGA753116SM9IJ", "My licence is MORGA753116SM9IJ."),
    ("driving licence", "SMITH 710238 AB9CD", "the driver number is SMITH 710238 AB9CD"),
    ("driving licence", "morga753116sm9ij", "licence morga753116sm9ij"),
    ("handle", "@gethin_p", "find me at @gethin_p"),
    ("handle", "gethin_p99", "My handle is gethin_p99 on Twitter"),
    ("passport", "533 401 372", "passport no. 533 401 372"),
    ("passport", "533401372", "It said 533401372 on my passport."),
    ("passport", "533401372", "My passport number is 533401372."),
    ("passport", "AB1234567", "The passport, number AB1234567, ran out."),
    ("payment card", "4111 1111 1111 1111", "card 4111 1111 1111 1111"),
    ("postcode", "BT1 5GS", "I'm in BT1 5GS"),
    ("postcode", "CF10 3NQ", "postcode is CF10 3NQ"),
    ("postcode", "cf103nq", "cf103nq"),
    ("reference number", "4471823", "staff number 4471823"),
    ("reference number", "AB/12345/20", "case reference AB/12345/20"),
    ("reference number", "H123456", "hospital number H123456"),
    ("role", "AA in Swansea", "an AA in Swansea"),
    ("role", "AO in Newport", "I am an AO in Newport."),
    ("role", "Deputy Director of Census at NISRA", "She's the Deputy Director of Census at NISRA."),
    ("role", "G7 in the Titchfield", "I'm a G7 in the Titchfield methods team."),
    ("role", "Grade 6 in prices at ONS", "the Grade 6 in prices at ONS"),
    ("role", "Higher Scientific Officer at Cefas", "a Higher Scientific Officer at Cefas"),
    ("role", "Permanent Secretary", "our Permanent Secretary said so"),
    ("role", "SCS Pay Band 2", "SCS Pay Band 2"),
    ("role", "SCS1 in DfT", "SCS1 in DfT"),
    ("role", "SEO at the Bootle", "the SEO at the Bootle office"),
    ("role", "chief statistician for Wales", "the chief statistician for Wales"),
    ("role", "the only economist in Stornoway", "the only economist in Stornoway"),
    ("sort code", "20-45-53", "sort code 20-45-53 and account 12345678"),
    ("sort code", "204553", "Sort code: 204553, account number: 1234 5678"),
    ("telephone", "+44.7700.900123", "+44.7700.900123"),
    ("telephone", "07700-900-123", "My number is 07700-900-123."),
    (
        "telephone",
        "oh seven seven double oh, nine double oh, one two three",
        "Ring oh seven seven double oh, nine double oh, one two three",
    ),
    ("telephone", "oh two oh, seven nine four six, oh nine five eight", "oh two oh, seven nine four six, oh nine five eight"),
    (
        "telephone",
        "plus four four seven seven oh oh nine oh oh one two three",
        "plus four four seven seven oh oh nine oh oh one two three",
    ),
    (
        "telephone",
        "zero one six three two nine six zero double one seven",
        "it's zero one six three two nine six zero double one seven",
    ),
    ("vehicle registration", "AB12 CDE", "I drive AB12 CDE now."),
    ("vehicle registration", "AB12CDE", "number plate AB12CDE"),
    ("vehicle registration", "ABC 123D", "registration ABC 123D"),
    ("vehicle registration", "AIG 1234", "number plate AIG 1234"),
    ("vehicle registration", "K123 ABC", "My car is K123 ABC."),
    ("vehicle registration", "ab12 cde", "reg is ab12 cde"),
]


def find(text):
    table = find_identifiers(pd.DataFrame({"source_id": ["P1"], "text": [text]}))
    return list(zip(table["kind"], table["quote"], strict=True))


@pytest.mark.parametrize(("kind", "words", "text"), FOUND)
def test_it_is_found(kind, words, text):
    assert [quote for found, quote in find(text) if found == kind and words in quote] != []


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("bank account", "between 12345678 and 12345679 people"),
        ("sort code", "on 20-45-53 it said"),
        ("passport", "533401372 people"),
        ("UTR", "1955839661 of them"),
        ("vehicle registration", "an45 the list"),
        ("handle", "the covid19_data file"),
        ("reference number", "the case number in 2019"),
        ("reference number", "4471823 staff and a number of cases"),
        ("age over 85", "86 of them"),
        ("age over 85", "the 90th percentile"),
        ("driving licence", "the MORGA753116 table"),
        ("organisation", "an HEO and an SEO"),
    ],
)
def test_what_only_looks_like_it_is_not(kind, text):
    assert kind not in [found for found, _ in find(text)]


def test_a_number_said_in_words_is_listed_whatever_number_it_is():
    said = "nine four three, four seven six, five nine one nine"
    assert said in [quote for _, quote in find(f"My NHS number is {said}.")]
