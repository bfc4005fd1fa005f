"""Check digits and prefixes: whether digits and letters of the right shape can be such a number."""

from __future__ import annotations

import re
from typing import Final

SHAPE_ONLY: Final = "shape only"
_LUHN_DOUBLED: Final = (0, 2, 4, 6, 8, 1, 3, 5, 7, 9)
_UTR_WEIGHTS: Final = (6, 7, 8, 9, 10, 5, 4, 3, 2)


def judge_nhs(words: str) -> str:
    """Modulus 11 of the NHS Data Model and Dictionary, "NHS number": 11 - (sum of d_i (11 - i), i = 1..9) mod 11; 11 is 0."""
    digits = _digits(words)
    check = (11 - sum((11 - i) * digit for i, digit in enumerate(digits[:9], start=1)) % 11) % 11
    return "check digit right" if check == digits[9] else SHAPE_ONLY


def judge_national_insurance(words: str) -> str:
    """The prefixes that HM Revenue & Customs gives out (National Insurance Manual, NIM39110)."""
    prefix = words[:2].upper()
    letters = re.fullmatch("[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]", prefix)
    return "prefix in use" if letters and prefix not in {"BG", "GB", "KN", "NK", "NT", "TN", "ZZ"} else SHAPE_ONLY


def judge_postcode(words: str) -> str:
    """Letters may be large, small or as a telephone puts them, "Sw1a 1aa"; only "W1 2nd" and the like are no postcodes."""
    counted = re.search("(?:1st|2nd|3rd|[04-9]th)$", words)
    return "" if counted and not words.islower() else "UK postcode"


def judge_utr(words: str) -> str:
    """The first digit of a Unique Taxpayer Reference follows from the others: "21987654321" at their weighted sum mod 11.

    Examples
    --------
    >>> judge_utr("1955839661"), judge_utr("2955839661")
    ('check digit right', 'shape only')
    """
    digits = _digits(words)
    total = sum(weight * digit for weight, digit in zip(_UTR_WEIGHTS, digits[1:], strict=True))
    return "check digit right" if int("21987654321"[total % 11]) == digits[0] else SHAPE_ONLY


def judge_driving_licence(words: str) -> str:
    """The number holds the date of birth: month (51 to 62 for women) and day stand after the decade (DVLA, driver numbers).

    Examples
    --------
    >>> judge_driving_licence("MORGA 753116 SM9IJ"), judge_driving_licence("MORGA999999SM9IJ")
    ('month and day right', 'shape only')
    """
    letters = "".join(words.split())
    month, day = int(letters[6:8]) % 50, int(letters[8:10])
    return "month and day right" if 1 <= month <= 12 and 1 <= day <= 31 and int(letters[6:8]) < 63 else SHAPE_ONLY


def judge_card(words: str) -> str:
    """The Luhn formula (ISO/IEC 7812-1, annex B); digits that do not fit it are no card.

    Examples
    --------
    >>> judge_card("4111 1111 1111 1111"), judge_card("4111 1111 1111 1112")
    ('check digit right', '')
    """
    digits = _digits(words)[::-1]
    total = sum(_LUHN_DOUBLED[digit] if place % 2 else digit for place, digit in enumerate(digits))
    return "check digit right" if total % 10 == 0 and len(set(digits)) > 1 else ""


def judge_iban(words: str) -> str:
    """Modulus 97 of ISO 13616: with the first four signs put last and letters as 10 to 35, the number leaves 1.

    Examples
    --------
    >>> judge_iban("GB82 WEST 1234 5698 7654 32"), judge_iban("GB83 WEST 1234 5698 7654 32")
    ('check digits right', 'shape only')
    """
    letters = "".join(words.split()).upper()
    number = int("".join(str(int(sign, 36)) for sign in letters[4:] + letters[:4]))
    return "check digits right" if number % 97 == 1 else SHAPE_ONLY


def judge_internet(words: str) -> str:
    """Four numbers up to 255 are the address of a machine."""
    return "four numbers" if all(int(part) < 256 for part in words.split(".")) else ""


def _digits(words: str) -> list[int]:
    return [int(digit) for digit in words if digit.isdigit()]
