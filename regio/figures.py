"""No figures in a mail: a mailbox is read over a shoulder, and what is masked on the page must not stand in it."""

import re

# A number by itself, with its decimals and its percent sign. Not B3 or 5a, which are names, and not a year.
FIGURE = re.compile(r"(?<![\w.,])(?!(?:19|20)\d\d(?![\w%]|[.,]\d))\d+(?:[.,]\d+)*\s?%?(?!\w)")
LEFT_OUT = "(getal)"


def without_figures(text: str) -> str:
    """Return what somebody wrote with every number left out; the mail says that it was (templates/mail/)."""
    return FIGURE.sub(LEFT_OUT, text)
