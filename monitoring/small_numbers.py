"""A small number of children in a text that the whole regio reads would undo its masking (domein.md, rule 10)."""

import re

CHILDREN = r"(?:leerling(?:en)?|kind(?:eren)?|thuiszitters?|jongere(?:n)?|jongens?|meisjes?|pubers?|scholier(?:en)?)"
NUMBER = r"(?P<number>\d{1,3}|één|twee|drie|vier|vijf|zes|zeven|acht|negen|tien)"
# "3 leerlingen", "de 2 oudere kinderen", "3 van de 40 thuiszitters".
COUNTED = re.compile(
    rf"(?<![\w.,/-]){NUMBER}(?:\s+van\s+de(?:ze)?)?(?:\s+\d+)?(?:\s+[a-zà-ÿ]+)?\s+{CHILDREN}\b", re.IGNORECASE
)
# Without a word for children: "zijn het er maar 2".
THERE = re.compile(
    rf"\ber\s+(?:(?:maar|slechts|nog|nu|ook|al|toch|dus)\s+){{0,3}}{NUMBER}"
    r"(?=\s*(?:[?!.,;:)]|$)|\s+(?:zijn|waren|is|was|bij|minder|meer)\b)(?![.,]\d)",
    re.IGNORECASE,
)
# "3 van Oudewater"; but "score 3 in Woerden" and "van 4 in Aug 25" count nobody.
COUNTS_NOBODY = ("artikel", "categorie", "doel", "naar", "op", "punt", "score", "stap", "versie")
OF_A_PLACE = re.compile(
    "".join(rf"(?<!\b{word} )" for word in COUNTS_NOBODY)
    + rf"(?<![\w.,/-])(?i:{NUMBER})\s+(?:van|in|uit)\s+(?=[A-Z])"
    + r"(?!(?:Jan|Feb|Mrt|Maart|Apr|Mei|Jun|Jul|Aug|Sep|Okt|Nov|Dec)\w*\b)"
)
WORDS = ("één", "twee", "drie", "vier", "vijf", "zes", "zeven", "acht", "negen", "tien")


def find_small_count(text: str, drempel: int) -> str | None:
    """Return the first words in `text` that count children below `drempel`, None where there are none.

    Zero is no small number. "een leerling" is anybody, "één leerling" is a count.
    """
    counts = (match for pattern in (COUNTED, THERE, OF_A_PLACE) for match in pattern.finditer(text))
    for match in counts:
        word = match["number"].lower()
        number = WORDS.index(word) + 1 if word in WORDS else int(word)
        if 0 < number < drempel:
            return match[0].strip()
    return None
