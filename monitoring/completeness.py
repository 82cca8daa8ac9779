"""When a score is complete enough to lay before the OOGO (domein.md, rule 5). Plain values in, a Dutch sentence out."""


def missing_in_score(
    *, waarde: int | None, vorige: int | None, toelichting: str, toelichting_verplicht: bool
) -> str | None:
    """Return what a score still lacks before it can be submitted, as a sentence for its author; None when complete.

    `waarde` and `vorige` are the values at this meetmoment and at the one before it, None where nobody scored. A value
    whose scale demands it (1, 2 and 5 of Utrecht West) and one that differs from the year before need an explanation.
    """
    if waarde is None:
        return "nog geen score"
    if toelichting.strip():
        return None
    if toelichting_verplicht:
        return f"een score {waarde} vraagt een toelichting"
    if vorige is not None and vorige != waarde:
        return f"de score ging van {vorige} naar {waarde}: dat vraagt een toelichting"
    return None
