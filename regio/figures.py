"""No figures in a mail: a mailbox is read over a shoulder, and what is masked on the page must not stand in it.

Nor in a reason that somebody reads who may not see small numbers.
"""

import re

# A number by itself, with its decimals and its percent sign. Not B3 or 5a, which are names, and not a year.
FIGURE = re.compile(r"(?<![\w.,])(?!(?:19|20)\d\d(?![\w%]|[.,]\d))\d+(?:[.,]\d+)*\s?%?(?!\w)")
# "Een" is an article.
UNITS = "twee|drie|vier|vijf|zes|zeven|acht|negen"
TENS = "twintig|dertig|veertig|vijftig|zestig|zeventig|tachtig|negentig"
TEENS = "tien|elf|twaalf|dertien|veertien|vijftien|zestien|zeventien|achttien|negentien"
WORD = re.compile(rf"\b(?:(?:(?:een|{UNITS})[eë]n)?(?:{TENS})|{TEENS}|één|{UNITS})\b", re.IGNORECASE)
LEFT_OUT = "(getal)"


def without_figures(text: str) -> str:
    """Return what somebody wrote with every number left out, in words too; the mail says that it was."""
    return WORD.sub(LEFT_OUT, FIGURE.sub(LEFT_OUT, text))
