"""Files that are meant to do harm, or that are broken: each gets a clear message, quickly, and nothing else."""

import gzip
import io
import time

import pytest

from app.roster import sniff, xml_records
from app.roster.errors import RosterError
from tests.roster.builders import NOOR, csv_list, edexml, read, row, xlsx

LAUGHS = (
    '<!DOCTYPE EDEX [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;">]>'
)
QUADRATIC = f'<!DOCTYPE EDEX [<!ENTITY a "{"x" * 50_000}">]>'


class TestXml:
    @pytest.mark.parametrize(
        "doctype",
        [
            LAUGHS,
            QUADRATIC,
            '<!DOCTYPE EDEX SYSTEM "http://127.0.0.1:9/x.dtd">',
            '<!DOCTYPE EDEX [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
            '<!DOCTYPE EDEX [<!ENTITY % p SYSTEM "http://127.0.0.1:9/p"> %p;]>',
            "<!DOCTYPE EDEX>",
        ],
    )
    def test_no_doctype_at_all(self, doctype):
        with pytest.raises(RosterError) as refused:
            read(edexml(NOOR.replace("Noor", "&c;"), head=f'<?xml version="1.0"?>\n{doctype}\n'))
        assert refused.value.key == "xml.forbidden"
        assert "DOCTYPE" in str(refused.value)

    def test_an_entity_that_nobody_declared(self):
        with pytest.raises(RosterError, match=r"^Regel \d+: Hier staat een entiteit"):
            read(edexml(NOOR.replace("Noor", "&eacute;")))

    @pytest.mark.parametrize("share", [0.2, 0.5, 0.9, 0.999])
    def test_cut_off(self, share):
        data = edexml(*[NOOR.replace("00123", str(n)) for n in range(100)])
        with pytest.raises(RosterError, match=r"^Regel \d+: Het bestand houdt hier plotseling op") as refused:
            read(data[: int(len(data) * share)])
        assert refused.value.key == "xml.cut_off"

    def test_a_tag_that_does_not_close(self):
        with pytest.raises(RosterError, match=r"^Regel 4: Het XML-bestand is hier beschadigd"):
            read(b"<EDEX>\n<school>\n<schooljaar>2026-2027\n</school>\n</EDEX>")

    def test_nested_without_end(self):
        with pytest.raises(RosterError) as refused:
            read(b"<EDEX>" + b"<a>" * 100_000)
        assert refused.value.key == "xml.too_much"

    def test_one_record_of_a_hundred_thousand_parts(self):
        with pytest.raises(RosterError) as refused:
            read(edexml(f'<leerling key="1">{"<rol/>" * 100_000}</leerling>'))
        assert refused.value.key == "xml.too_much"

    def test_one_name_of_a_megabyte(self):
        with pytest.raises(RosterError) as refused:
            read(edexml(NOOR.replace("Noor", "N" * 1_000_000)))
        assert refused.value.key == "xml.too_much"

    def test_one_attribute_that_fills_the_file_is_refused_in_time(self):
        started = time.monotonic()
        with pytest.raises(RosterError):
            read(b'<EDEX a="' + b"x" * (20 * 2**20))
        assert time.monotonic() - started < 5

    def test_more_elements_than_a_school_has(self, monkeypatch):
        monkeypatch.setattr(xml_records, "MAX_ELEMENTS", 1_000)
        with pytest.raises(RosterError) as refused:
            read(edexml(f"<toevoegingen>{'<x/>' * 2_000}</toevoegingen>"))
        assert refused.value.key == "xml.too_much"

    @pytest.mark.parametrize(
        ("data", "key"),
        [
            (b"<dossier xmlns='http://www.edustandaard.nl/oso_gegevensset/2019/dossier'/>", "xml.oso"),
            (b"<html><body>inloggen</body></html>", "file.kind"),
            (b"<svg/>", "xml.not_edexml"),
            (b"<EDEX></EDEX>", "edexml.no_school"),
            (b"<EDEX><school/></EDEX>", "school_year.missing"),
        ],
    )
    def test_other_xml_is_called_by_its_name(self, data, key):
        with pytest.raises(RosterError) as refused:
            read(data)
        assert refused.value.key == key

    def test_two_schools(self):
        school = "<school><schooljaar>2026-2027</schooljaar></school>"
        with pytest.raises(RosterError, match="meer dan één school"):
            read(edexml(school=school * 2))


class TestEncodings:
    def name_in(self, data: bytes) -> str | None:
        return read(data).pupils[0].name.first_name

    def test_utf_8_with_and_without_mark(self):
        data = edexml(NOOR.replace("Noor", "Zoë"))
        assert self.name_in(data) == self.name_in(b"\xef\xbb\xbf" + data) == "Zoë"

    @pytest.mark.parametrize("charset", ["utf-16-le", "utf-16-be"])
    def test_utf_16_with_its_mark(self, charset):
        text = "\ufeff" + edexml(NOOR.replace("Noor", "Zoë")).decode().replace("UTF-8", "UTF-16")
        assert self.name_in(text.encode(charset)) == "Zoë"

    def test_windows_1252_as_declared(self):
        text = edexml(NOOR.replace("Noor", "Zoë")).decode().replace("UTF-8", "windows-1252")
        assert self.name_in(text.encode("cp1252")) == "Zoë"

    def test_windows_1252_that_says_utf_8(self):
        assert self.name_in(edexml(NOOR.replace("Noor", "Zoë")).decode().encode("cp1252")) == "Zoë"

    def test_utf_8_that_says_latin_1(self):
        assert self.name_in(edexml(NOOR.replace("Noor", "Zoë")).replace(b"UTF-8", b"ISO-8859-1")) == "Zoë"

    def test_a_list_in_windows_1252(self):
        roster = read(csv_list(row(v_roepnaam="Zoë", v_achternaam="Çelik"), encoding="cp1252"))
        assert str(roster.guardians[0].name) == "Zoë de Çelik"

    def test_a_broken_spot_in_utf_8_is_not_read_as_windows_1252(self):
        data = csv_list(row(v_roepnaam="Zoë"), row(v_roepnaam="René"))
        broken = data.replace("René".encode(), b"Ren\xc3")
        with pytest.raises(RosterError, match=r"^Regel 3: Hier staat een teken dat niet klopt"):
            read(broken)

    def test_what_was_garbled_before_it_came_here(self):
        roster = read(csv_list(row(v_roepnaam="Zoë".encode().decode("cp1252"))))
        assert [problem.key for problem in roster.errors] == ["value.garbled"]

    @pytest.mark.parametrize("declared", ["UTF-7", "EBCDIC-CP-US", "UTF-32", "x-mac-roman"])
    def test_a_character_set_that_we_do_not_read(self, declared):
        with pytest.raises(RosterError, match="Sla het op als UTF-8"):
            read(edexml().replace(b"UTF-8", declared.encode()))

    @pytest.mark.parametrize(
        "data", [b"a;b\x00c", "a;b".encode("utf-16-le"), "<EDEX/>".encode("utf-32"), bytes(range(256))]
    )
    def test_binary(self, data):
        with pytest.raises(RosterError):
            read(data)


class TestKindsAndSizes:
    @pytest.mark.parametrize(
        ("data", "word"),
        [
            (b"", "leeg"),
            (b"\n \r\n", "leeg"),
            (b"\xef\xbb\xbf", "leeg"),
            (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "wachtwoord"),
            (b"%PDF-1.7", "PDF"),
            (gzip.compress(b"x", mtime=0), "ingepakt"),
            (b"\x89PNG\r\n\x1a\n", "plaatje"),
        ],
    )
    def test_other_files_are_called_by_their_name(self, data, word):
        with pytest.raises(RosterError, match=word):
            read(data, "EDEX.XML")

    def test_a_hundred_megabytes(self):
        class Endless(io.RawIOBase):
            """A stream of 100 MB that holds nothing."""

            def read(self, size=-1):
                return b" " * min(size, 100 * 2**20)

            def seekable(self):
                return True

            def seek(self, offset, whence=0):
                return 100 * 2**20

        with pytest.raises(RosterError, match=r"Dit bestand is 100 MB.*hooguit 32 MB"):
            sniff.sniff(Endless(), name="groot.xml")

    def test_the_kind_is_seen_by_content_and_not_by_name(self):
        assert read(xlsx(), "lijst.csv").version == "xlsx"
        assert read(csv_list(), "lijst.xlsx").version == "csv"

    @pytest.mark.parametrize(
        ("name", "kept"),
        [
            ("../../etc/passwd", "passwd"),
            ("a\nINFO: gelukt", "a INFO: gelukt"),
            ("", "bestand"),
            ("x" * 500, "x" * 200),
        ],
    )
    def test_the_name_is_only_a_name(self, name, kept):
        assert read(csv_list(), name).source_name == kept
