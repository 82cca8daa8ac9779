"""What nobody should be able to hand in: values of fields, files, addresses and headers, at random from a seed."""

import io
import zipfile
from random import Random
from urllib.parse import quote

from bench.explore import Field

ODD = "\x00\x01\x07\x1b\x7f\x85\u200b\u202e\ufeff\ufffe💥<>&\"'`\\/;%{}$=+-@|~é߀٣ ‰"
HUGE = "9" * 40
NUMBERS = ("abc", "1e999", HUGE, "1,5", "NaN", "--", "0x10", "-1", "1 000", "½", "∞", "1\x00")
DATES = ("2026-02-30", "0000-00-00", "31-31-31", "99999-01-01", "gisteren", "2026-13-01", "2026-10-01\x00", "-1", HUGE)
CHOICES = ("999999999", "-1", HUGE, "\x00", "<script>", "x" * 3000, "None", "../../etc/passwd", "' OR 1=1 --")
ADDRESSES = ("geen-adres", "a@b@c", "\x00@west.test", "@", "a b@west.test", "x" * 400 + "@west.test")
PERSONS = ("jan@gemeente.example", "06-12345678", "BSN 123456782")
SEGMENTS = ("\x00", "../../etc/passwd", HUGE, "-1", "💥", "\udcff", "' OR 1=1 --", "{{7*7}}", "%2e%2e", "~")


def odd_text(random: Random, longest: int = 60) -> str:
    """Return a text that no form may take: there is a NUL in it."""
    letters = random.choices(ODD + "abcdefghij", k=random.randint(0, longest))
    letters.insert(random.randint(0, len(letters)), "\x00")
    return "".join(letters)


def bad_value(random: Random, field: Field) -> str:
    """Return what this field cannot hold."""
    by_kind = {"number": NUMBERS, "date": DATES, "select": CHOICES, "radio": CHOICES, "email": ADDRESSES}
    if field.kind in by_kind:
        return random.choice([*by_kind[field.kind], odd_text(random)])
    wrong = [odd_text(random)]
    if field.kind == "textarea":
        # Beheer leaves out what is invisible in a text, and takes the rest; a person in it is refused everywhere.
        wrong = [f"{odd_text(random)} {person} {odd_text(random)}" for person in PERSONS]
    if field.longest:
        wrong.append("x" * (field.longest + random.randint(1, 100)))
    if field.is_required:
        wrong += ["", "   ", "\u3000\t"]
    return random.choice(wrong)


def bad_path(random: Random, path: str) -> str:
    """Return `path` with a piece in it that leads nowhere."""
    segments = [segment for segment in path.split("/") if segment]
    junk = quote(random.choice([*SEGMENTS, odd_text(random, 12)]), "", errors="surrogateescape")
    place = random.randint(0, len(segments))
    segments[place : place + random.randint(0, 1)] = [junk]
    return "/" + "/".join(segments) + "/"


def bad_headers(random: Random) -> dict[str, str]:
    """Return headers of which one keeps the request from being what it says to be."""
    junk = "".join(random.choices("abc;=,%\"'\\ \x7f€é", k=random.randint(1, 80))).encode().decode("latin-1")
    host = random.choice(
        ["kwaad.example", "a b", "-", "127.0.0.1:abc", "[::1", "x" * 300, "127.0.0.1/../", junk + "\\"]
    )
    return random.choice(
        [
            {"host": host},
            {"cookie": f"sessionid={random.choice([HUGE, junk, '%00', 'x' * 5000])}"},
            {"cookie": f"{junk}\x00=\x00"},
            {"authorization": f"Basic {junk}", "cookie": ""},
        ]
    )


def bad_file(random: Random) -> tuple[str, bytes]:
    """Return the name and the content of a file that holds nothing to read in."""
    name = random.choice(["a.csv", "a.xlsx", "a.ods", "a.pdf", "a.json", "a.exe", "a", "a.csv.zip", "\u202efdp.csv"])
    return name, random.choice([_noise, _half, _bomb, _table, _entities])(random)


def _noise(random: Random) -> bytes:
    return random.randbytes(random.choice([0, 1, 3, 512, 4096]))


def _zipped(**files: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name.replace("__", "/") + ".xml", content)
    return stream.getvalue()


def _half(random: Random) -> bytes:
    whole = _zipped(content="<a/>", xl__workbook="<workbook/>")
    return whole[: random.randrange(4, len(whole) - 1)]


def _bomb(random: Random) -> bytes:
    return _zipped(content="0" * random.randint(1, 3_000_000), xl__worksheets__sheet1="<c/>" * 1000)


def _entities(random: Random) -> bytes:
    depth = random.randint(2, 9)
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10 if n else "ha"}">' for n in range(depth))
    outside = '<!ENTITY e0 SYSTEM "file:///etc/passwd">'
    xml = f"<!DOCTYPE a [{random.choice([entities, outside])}]><a>&e{depth - 1};&e0;</a>"
    return _zipped(content=xml, xl__workbook=xml, xl__sharedStrings=xml)


def _table(random: Random) -> bytes:
    """Return a table under a heading that belongs to nothing here, or with cells that belong to nothing under it."""
    heads = ("a;b", "", "peildatum;gemeente;sector;categorie;aantal", "regio,agenda,meetmoment,doel,score", '"', "=1+1")
    lines = [
        random.choice(heads),
        *(";".join(odd_text(random, 9) for _ in range(5)) for _ in range(random.randint(1, 9))),
    ]
    return "\n".join(lines).encode(random.choice(["utf-8", "utf-16", "utf-7", "utf-8-sig"]))
