"""A small number of children in a text that the whole regio reads would undo its masking (domein.md, rule 10)."""

import re

CHILDREN = r"(?:leerling(?:en)?|kind(?:eren)?|thuiszitters?|jongere(?:n)?|jongens?|meisjes?|pubers?|scholier(?:en)?)"
NUMBER = r"(?P<number>\d{1,3}|één|twee|drie|vier|vijf|zes|zeven|acht|negen|tien)"
# "3 leerlingen", "de 2 oudere kinderen", "3 van de 40 thuiszitters".
COUNTED = re.compile(
    rf"(?<![\w.,/-]){NUMBER}(?:\s+van\s+de(?:ze)?)?(?:\s+\d+)?(?:\s+[a-zà-ÿ]+)?\s+{CHILDREN}\b", re.IGNORECASE
)
WORDS = ("één", "twee", "drie", "vier", "vijf", "zes", "zeven", "acht", "negen", "tien")


def find_small_count(text: str, drempel: int) -> str | None:
    """Return the first words in `text` that count children below `drempel`, None where there are none.

    Zero is no small number. "een leerling" is anybody, "één leerling" is a count.
    """
    for match in COUNTED.finditer(text):
        word = match["number"].lower()
        number = WORDS.index(word) + 1 if word in WORDS else int(word)
        if 0 < number < drempel:
            return match[0]
    return None
