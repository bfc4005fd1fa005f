"""Identifiers set into the interviews of a study by a seeded program, with the place of each.

The sentences are of three sets: `open` ones were looked at while the rules were written, `held` ones never were; `hard` ones hold
what rules cannot know: names that are words, nicknames and small letters, of people who are not on the sheet. Telephone numbers
are of Ofcom's ranges for drama, domains those of RFC 2606; nobody has the other numbers.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pandas as pd

from engagement_lib.segments import split_turns

FIRST = (
    "Adaora", "Agnieszka", "Ailbhe", "Alastair", "Amara", "Anh", "Anneliese", "Arwel", "Ayşe", "Beatriz", "Bethan", "Björn",
    "Caoimhe", "Chukwuemeka", "Danuta", "Deepika", "Dilys", "Eilidh", "Ekaterina", "Faduma", "Fatoumata", "Folasade", "Gareth",
    "Ghislaine", "Gulsen", "Hadiza", "Hai", "Hamish", "Haruka", "Ifeoma", "Ilse", "Iolo", "Jagoda", "Jasvinder", "Joaquín",
    "Kamala", "Kerry-Ann", "Kwabena", "Lakshmi", "Leontyne", "Lleucu", "Malgorzata", "Marisol", "Mbali", "Mehwish", "Ngaire",
    "Nimmi", "Noor", "Oisín", "Oluwadamilola", "Padraig", "Parvaneh", "Rajani", "Rasheeda", "Sibusiso", "Sorcha", "Tadhg",
    "Thandiwe", "Tuğba", "Vashti", "Wojciech", "Xiulan", "Yevgenia", "Zubaida", "Sarah", "David", "Emma", "James", "Susan",
    "Peter", "Helen", "Michael", "Karen", "Paul",
)  # fmt: skip
LAST = (
    "Abdirahman", "Achterberg", "Adjei-Boateng", "Agyeman", "Annesley", "Bhattacharya", "Brathwaite", "Cadwallader",
    "Chatterjee", "Dąbrowski", "Delahaye", "Demirci", "Eze", "Featherstonehaugh", "Gebremariam", "Gruffydd", "Guzmán",
    "Hallgrímsson", "Hoang", "Igwe", "Iordanou", "Jayawardena", "Kariuki", "Kavanagh", "Llewellyn-Parry", "Lupescu",
    "Macfarlane", "Mbatha", "Mukherjee", "Nandakumar", "Ní-Dhomhnaill", "Nwachukwu", "O'Shaughnessy", "Oyelowo",
    "Papadimitriou", "Pillai", "Quraishi", "Ranganathan", "Rasool", "Scrimgeour", "Shevchenko", "Sivakumar", "Szczepański",
    "Tchaikovsky", "Thorvaldsen", "Trevithick", "Tshabalala", "Uzun", "Vanderbilt", "Wickramasinghe", "Xiong", "Yıldız",
    "Zielińska", "Smith", "Jones", "Brown", "Taylor", "Khan", "Patel", "Evans", "Wilson", "Thomas", "Wright",
)  # fmt: skip
WORDS_TOO = (
    "Grace", "Will", "Mark", "Hope", "Joy", "Rose", "Dawn", "Faith", "Rich", "Pat", "Bill", "Penny",
)  # fmt: skip
LAST_WORDS_TOO = (
    "Field", "Stone", "Brown", "Hunter", "Page", "Marsh", "Reader", "Cook", "Day", "Small", "Wise", "Bird",
)  # fmt: skip
NICKNAMES = (
    "Spud", "Jonno", "Mags", "Bex", "Tigger", "Chalky", "Dobbo", "Smudge", "Wazza", "Foxy",
)  # fmt: skip
STREETS = (
    "Larkspur Road", "Station Road", "Heol y Felin Road", "St Ninian's Terrace", "Low Moor Lane", "Queensferry Street",
    "Gladstone Avenue", "Chapel Row",
)  # fmt: skip
TOWNS = (
    "Leeds", "Truro", "Stornoway", "Llandeilo", "Ballycastle", "Kirkby Lonsdale", "Hebden Bridge", "Swindon", "Rothesay",
    "Tregaron", "Hawes", "Aberdare",
)  # fmt: skip

# Each line: the kind, whether it is open or held, and the sentence; what stands in {} is the identifier and is filled in.
SENTENCES = """
name open It was {full} who wrote to us about the tables.
name open I rang {first} and nobody rang back.
name open {full} said it would be out by Friday.
name open {first} does the quarterly one now.
name open There's a man called {full} who keeps the list.
name open My line manager {first} signs it off.
name open Ask {title}, that's what everybody says.
name open And {last} in the other office had never seen it.
name open We sent it to {first}'s team and waited.
name open The three of us, me and {first} and the other one, did it by hand.
name open You'd have to ask {initial}, who had it before me.
name open I'll never forget that, {first}.
name held Then it went up to {full} for a decision.
name held {full}, who used to run it, left in the spring.
name held Nobody had told {first} about the change.
name held So {first} printed the whole thing out.
name held It's {title} you want, not me.
name held That was before {last} took over.
name held Thanks, {first}, that's kind.
name held I did the first draft with {first} and {first2} over a weekend.
name held Her name was {full}, I think.
name held My colleague {first} has the spreadsheet.
name held If {first}'s away it just sits there.
name held {first}! That's who it was.
name held They've got {full} on the board now.
name held We had a letter from {initial} about it.
listed open {full} is how it's spelt on the form.
listed open They call me {first} there.
listed open Somebody said, oh, that's one for {first}.
listed held I signed it {full} and sent it back.
listed held Is that {first} again, they say when I ring.
listed held {first} to my friends, of course.
listed-word open Everyone came to {first} with it.
listed-word held It's always {first} who has to do it.
e-mail open You can write to me at {email} if you like.
e-mail held The address is {email}, all small letters.
e-mail-said open It's {email_said}, if you want to write that down.
e-mail-said held Send it to {email_said} and somebody will pick it up.
telephone open My number's {phone}, mornings are best.
telephone held Ring {phone} and ask for the desk.
telephone-said open It's {phone_said}.
telephone-said held You can get me on {phone_said} most days.
postcode open We're at {postcode}, up the hill.
postcode held I put in {postcode} and it said no data.
address open I live at {address}, have done for years.
address held They posted it to {address} by mistake.
NINO open They wanted my number, {nino}, on every page.
NINO held {nino} was on the letter, in full.
NHS open She read out {nhs} from the card.
NHS held The record was under {nhs}, not under the name.
UTR open My tax reference, the UTR, is {utr}.
UTR held It asked for a unique taxpayer reference, so {utr}, and then it crashed.
passport open I gave them the passport number, {passport}.
passport held On the passport it's {passport}, and they typed it wrong.
licence open The licence says {licence}.
licence held I had to give {licence} to hire the van.
car open The van's {car}, it's in the survey as well.
car held We count lorries, and {car} came past four times.
sort open The sort code's {sort}, it was on the slide.
sort held They showed a real sort code, {sort}, in the guidance.
account open And the account number, {account}, was there too.
account held The account is {account} and they paid somebody else.
URL open It's all on {url} these days.
URL held I found it at {url} in the end.
handle open I asked {handle} and got an answer in an hour.
handle held Somebody called {handle} put the chart up.
birth open I was born on {birth}, so I remember decimal money.
birth held My date of birth is {birth}, and the form would not take it.
place-i open We drove over to {town} to show them.
place-i held The office in {town} has shut.
organisation-i open It came from {body}, second hand.
organisation-i held I used to be at {body} before this.
date-i open It came out on {date}, I know because I was waiting.
date-i held The meeting was on {date}.
age-i open My neighbour is {age}, and she fills in the form herself.
age-i held There's a man {age} who writes to us about it.
role-i open I'm the only {job} in our {town} office.
role-i held She's the only {job} at {body}.
name hard {word} had said it wouldn't work, and it didn't.
name hard I passed it to {word} and heard no more.
name hard Then {wordlast} rang from the other office.
name hard {wordlast} never liked the old table.
name hard It was {nick} who found it, in the end.
name hard i think {smallname} did the first one
name hard {smallname} would know, or the one before.
"""
BODIES = (
    "Haddow Valley Trust", "University of Market Haddow", "Fellbrook District Council", "Office for National Statistics",
    "Norland Water Board", "Tarn Foundation", "Larkfield Primary School", "HMRC", "Ministry of Justice", "Pennine Care Group",
)  # fmt: skip
JOBS = ("demographer", "G7", "statistician", "Welsh-speaking analyst", "Grade 6 economist", "soil scientist")
_DIGITS = ("oh", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


def plant(sources: pd.DataFrame, *, seed: int, times: int = 4) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """The sources with every sentence planted `times` over in interviews, what was planted where, and a recruitment sheet.

    The sheet names half of the interviewed and their line managers: those whom the sentences "listed" name. Each row of what was
    planted has `source_id`, `start`, `end`, `kind`, `set`, `direct`, `quote` and `sentence`.
    """
    random = np.random.default_rng(seed)
    interviews = sources[sources["kind"] == "interview"].sort_values("source_id")
    sheet = _sheet(interviews["source_id"].tolist()[::2], random)
    listed, words_too = sheet.loc[~sheet["word"], "name"].tolist(), sheet.loc[sheet["word"], "name"].tolist()
    gaps = _gaps(interviews)
    lines = [line.split(" ", 2) for line in SENTENCES.strip().splitlines()] * times
    inserted: dict[str, list[tuple[int, str, list[tuple[int, int]], str, str, str]]] = {}
    chosen = random.choice(len(gaps), size=len(lines), replace=False)
    for (kind, which, template), gap in zip(lines, chosen, strict=True):
        source, at = gaps[gap]
        people = {"listed": listed, "listed-word": words_too}.get(kind)
        words, spans = _fill(template, random, people)
        inserted.setdefault(source, []).append((at, words, spans, kind, which, template))
    texts = interviews.set_index("source_id")["text"].to_dict()
    rows = [row for source, sentences in inserted.items() for row in _insert(source, texts, sentences)]
    planted = sources.assign(
        text=[texts.get(source, text) for source, text in zip(sources["source_id"], sources["text"], strict=True)]
    )
    return planted, pd.DataFrame(rows), sheet.drop(columns="word")


def _sheet(ids: list[str], random: np.random.Generator) -> pd.DataFrame:
    word = np.arange(len(ids)) % 4 == 0
    first = [random.choice(WORDS_TOO if also else FIRST) for also in word]
    names = [f"{name} {random.choice(LAST)}" for name in first]
    managers = [f"{random.choice(FIRST)} {random.choice(LAST)}" for _ in ids]
    return pd.DataFrame({"case_id": ids, "name": names, "line_manager": managers, "word": word})


def _gaps(interviews: pd.DataFrame) -> list[tuple[str, int]]:
    """Where a sentence of a participant ends and another begins, in texts that are English and have capitals."""
    turns = split_turns(interviews)
    turns = turns[turns["role"] == "participant"]
    return [
        (source, start + match.end())
        for source, start, words in zip(turns["source_id"], turns["start"], turns["quote"], strict=True)
        for match in re.finditer(r"[.?!](?= [A-Z])", words)
    ]


def _insert(source: str, texts: dict[str, str], sentences: list[Any]) -> Iterator[dict[str, Any]]:
    text, moved = texts[source], 0
    for at, words, spans, kind, which, template in sorted(sentences):
        begin = at + moved
        text = f"{text[:begin]} {words}{text[begin:]}"
        moved += len(words) + 1
        for start, end in spans:
            yield {
                "source_id": source,
                "start": begin + 1 + start,
                "end": begin + 1 + end,
                "kind": kind.removesuffix("-i"),
                "set": which,
                "direct": not kind.endswith("-i"),
                "quote": words[start:end],
                "sentence": template,
            }
    texts[source] = text


def _fill(template: str, random: np.random.Generator, people: list[str] | None) -> tuple[str, list[tuple[int, int]]]:
    """The sentence with its identifiers, and where they stand in it; those of a role count as one stretch."""
    name = str(random.choice(people)) if people else f"{random.choice(FIRST)} {random.choice(LAST)}"
    first, last = name.split(" ", 1)
    made = {
        "full": name,
        "first": first,
        "first2": str(random.choice(FIRST)),
        "last": last,
        "title": f"{random.choice(['Dr', 'Mrs', 'Mr', 'Ms', 'Professor', 'Sir'])} {last}",
        "initial": f"{first[0]}. {last}",
        "town": str(random.choice(TOWNS)),
        "body": str(random.choice(BODIES)),
        "job": str(random.choice(JOBS)),
        "word": str(random.choice(WORDS_TOO)),
        "wordlast": str(random.choice(LAST_WORDS_TOO)),
        "nick": str(random.choice(NICKNAMES)),
        "smallname": name.lower(),
    }
    words, spans = "", []
    for part in re.split(r"(\{\w+\})", template):
        if part.startswith("{"):
            value = made[part[1:-1]] if part[1:-1] in made else NUMBERS[part[1:-1]](random)
            spans.append((len(words), len(words) + len(value)))
            words += value
        else:
            words += part
    return words, [(spans[0][0], spans[-1][1])] if "{job}" in template else spans


def _digits(random: np.random.Generator, count: int) -> str:
    return "".join(str(digit) for digit in random.integers(0, 10, count))


def _letters(random: np.random.Generator, count: int, of: str = "ABCEHJKLMPRSTWXY") -> str:
    return "".join(random.choice(list(of), count))


def _phone(random: np.random.Generator) -> str:
    end = _digits(random, 3)
    return str(random.choice([f"07700 900{end}", f"01632 960{end}", f"020 7946 0{end}", f"+44 7700 900 {end}", f"01632960{end}"]))


def _phone_said(random: np.random.Generator) -> str:
    words = [_DIGITS[int(digit)] for digit in "07700900" + _digits(random, 3)]
    said = " ".join(words).replace("seven seven", "double seven", 1) if random.random() < 0.5 else ", ".join(words)
    return said.replace("oh oh", "double oh", 1)


def _email(random: np.random.Generator) -> str:
    first, last = (re.sub(r"\W", "", str(random.choice(names)).lower()) for names in (FIRST, LAST))
    return str(
        random.choice([f"{first}.{last}@example.org", f"{first[0]}{last}@stats.example.com", f"{last}_{first}@example.net"])
    )


def _email_said(random: np.random.Generator) -> str:
    return _email(random).replace(".", " dot ").replace("_", " underscore ").replace("@", " at ")


def _address(random: np.random.Generator) -> str:
    number = str(random.choice([str(random.integers(1, 200)), f"Flat {random.integers(1, 9)}, {random.integers(1, 99)}"]))
    return f"{number} {random.choice(STREETS)}"


def _nhs(random: np.random.Generator) -> str:
    while True:
        digits = "999" + _digits(random, 6)
        check = (11 - sum((10 - place) * int(digit) for place, digit in enumerate(digits)) % 11) % 11
        if check < 10:
            return f"{digits[:3]} {digits[3:6]} {digits[6:]}{check}"


def _birth(random: np.random.Generator) -> str:
    day, year = random.integers(1, 29), random.integers(1935, 1999)
    return str(
        random.choice([f"{day} March {year}", f"the {day}th of June {year}", f"{day:02}/11/{year}", f"October {day}, {year}"])
    )


def _age(random: np.random.Generator) -> str:
    return str(random.choice(["ninety-one years old", "aged 88", "94 years old", "aged ninety-three"]))


NUMBERS: dict[str, Callable[[np.random.Generator], str]] = {
    "email": _email,
    "email_said": _email_said,
    "phone": _phone,
    "phone_said": _phone_said,
    "postcode": lambda r: f"{_letters(r, 2, 'ABCDE')}{r.integers(1, 99)} {r.integers(0, 10)}{_letters(r, 2, 'ABDEFGH')}",
    "address": _address,
    "nino": lambda r: f"QQ {_digits(r, 2)} {_digits(r, 2)} {_digits(r, 2)} {_letters(r, 1, 'ABCD')}",
    "nhs": _nhs,
    "utr": lambda r: f"{r.integers(1, 10)}{_digits(r, 9)}",
    "passport": lambda r: str(r.choice([_digits(r, 9), _letters(r, 2) + _digits(r, 7)])),
    "licence": lambda r: (
        f"{_letters(r, 5)}{r.integers(0, 10)}0{r.integers(1, 10)}1{_digits(r, 2)}{_letters(r, 2)}9{_letters(r, 2)}"
    ),
    "car": lambda r: f"{_letters(r, 2)}{r.integers(1, 7)}{r.integers(1, 10)} {_letters(r, 3)}",
    "sort": lambda r: f"{_digits(r, 2)}-{_digits(r, 2)}-{_digits(r, 2)}",
    "account": lambda r: _digits(r, 8),
    "url": lambda r: str(r.choice(["www.example.org/people/jo", "https://example.com/u/4471", "stats.example.org/annesley"])),
    "handle": lambda r: f"@{str(r.choice(LAST)).lower()}_{_digits(r, 2)}".replace("'", ""),
    "birth": _birth,
    "date": lambda r: str(
        r.choice(["the fourteenth of May", "3 December 2019", "19th July", "12/03/2020", "the second of June"])
    ),
    "age": _age,
}
