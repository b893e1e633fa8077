"""Workbooks: what Excel makes of cells, and archives that are meant to do harm."""

import io
import re
import zipfile
from datetime import date, datetime
from pathlib import Path

import pytest

from app.roster import workbook
from app.roster.errors import RosterError
from tests.roster.builders import COLUMNS, csv_list, keys, read, repacked, row, xlsx


def peak_memory(*, reset: bool = False) -> int:
    """The most memory that this process held, in kB, since it began or since the last reset."""
    if reset:
        Path("/proc/self/clear_refs").write_text("5")
    return int(re.search(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text())[1])


def test_it_works_as_csv_does():
    assert read(xlsx()).guardians == read(csv_list()).guardians


class TestCells:
    def test_dates_numbers_and_yes(self):
        lotte = read(xlsx(row(leerlingnummer=123.0, geboortedatum=datetime(2016, 2, 3), geheim_adres=True))).guardians[
            0
        ]
        pupil = lotte.children[0].pupil
        assert (pupil.key, pupil.birth_date, lotte.address_secret) == ("123", date(2016, 2, 3), True)

    def test_a_phone_that_lost_its_zero_and_a_house_number(self):
        lotte = read(xlsx(row(mobiel=648217703, huisnummer=7, postcode="1234AB"))).guardians[0]
        assert (lotte.mobile, lotte.address.number) == ("+31648217703", 7)

    def test_numbers_as_text_keep_their_zeros(self):
        assert read(xlsx(row(leerlingnummer="00123"))).guardians[0].children[0].pupil.key == "00123"

    def test_a_group_that_excel_made_a_date(self):
        roster = read(xlsx(row(groep=datetime(2026, 4, 3))))
        assert (keys(roster), roster.error_count) == (["cell.date"], 0)

    def test_a_formula_counts_as_its_result(self):
        cells = row(v_achternaam="")
        data = xlsx(cells)
        column = chr(ord("A") + COLUMNS.index("v_achternaam"))
        formula = f'<c r="{column}2" t="str"><f>UPPER("vries")</f><v>VRIES</v></c><c r="M2"'
        found = read(repacked(data, lambda name, text: text.replace('<c r="M2"', formula)))
        assert found.guardians[0].name.surname == "VRIES"

    def test_the_rows_have_excels_numbers(self):
        roster = read(xlsx([""] * 5, row(gezag="zeg ik niet")))
        assert roster.errors[0].line == 3

    def test_a_sheet_with_an_explanation_before_it(self):
        def explain(book):
            book.add_worksheet("Uitleg").write(0, 0, "Vul de lijst in op het tweede blad.")

        assert len(read(xlsx(before=explain)).guardians) == 1

    def test_a_hidden_sheet_is_not_read(self):
        def hide(book):
            sheet = book.add_worksheet("Oud")
            sheet.write_row(0, 0, COLUMNS)
            sheet.write_row(1, 0, row(v_roepnaam="Oud"))
            sheet.hide()
            book.add_worksheet("Blad").activate()

        assert [str(guardian.name) for guardian in read(xlsx(before=hide)).guardians] == ["Lotte de Vries"]

    def test_formatted_empty_rows_below_are_no_rows(self):
        assert len(read(xlsx(row(), *[[""] * 25] * 50)).guardians) == 1


class TestBombs:
    """Each is refused without much memory here, and costs no worker: the child that opens it has limits of its own."""

    def refused(self, data: bytes) -> str:
        before = peak_memory(reset=True)
        with pytest.raises(RosterError) as refused:
            read(data)
        assert peak_memory() - before < 256 * 1024
        return refused.value.key

    def test_200_megabytes_of_shared_strings(self):
        bomb = repacked(xlsx(), lambda name, text: "x" * 200_000_000 if "sharedStrings" in name else text)
        assert len(bomb) < 300_000
        assert self.refused(bomb) == "xlsx.bomb"

    def test_a_part_that_repeats_itself(self):
        assert self.refused(repacked(xlsx(), lambda name, text: text + " " * 20_000_000)) == "xlsx.bomb"

    def test_a_hundred_thousand_parts(self):
        stream = io.BytesIO(xlsx())
        with zipfile.ZipFile(stream, "a") as archive:
            for number in range(20_000):
                archive.writestr(f"xl/{number}.xml", b"")
        assert self.refused(stream.getvalue()) == "xlsx.bomb"

    def test_a_cell_in_the_last_row_of_the_last_column(self):
        far = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
        assert self.refused(repacked(xlsx(), lambda name, text: text.replace("</sheetData>", far))) == "xlsx.damaged"

    def test_a_row_number_that_no_sheet_has(self):
        far = '<row r="2"><c r="A99999999999"><v>1</v></c></row></sheetData>'
        assert self.refused(repacked(xlsx(), lambda name, text: text.replace("</sheetData>", far))) == "xlsx.damaged"

    def test_a_false_count_of_strings(self):
        lie = repacked(xlsx(), lambda name, text: re.sub(r'(count|uniqueCount)="\d+"', r'\1="4294967295"', text))
        assert self.refused(lie) == "xlsx.damaged"

    def test_a_size_that_is_a_lie(self):
        data = bytearray(repacked(xlsx(), lambda name, text: "x" * 5_000_000 if "sharedStrings" in name else text))
        true, lie = (5_000_000).to_bytes(4, "little"), (1_000).to_bytes(4, "little")
        assert true in data
        assert self.refused(bytes(data).replace(true, lie)) == "xlsx.damaged"

    def test_an_entity_in_a_sheet_opens_nothing(self):
        doctype = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'

        def plant(name, text):
            return text.replace("?>", f"?>{doctype}", 1).replace("Lotte", "&e;") if name.endswith(".xml") else text

        try:
            text = repr(read(repacked(xlsx(), plant)))
        except RosterError:
            return
        assert "root:" not in text

    @pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
    def test_cut_off(self, share):
        data = xlsx()
        assert self.refused(data[: int(len(data) * share)]) == "xlsx.damaged"

    def test_a_damaged_sheet(self):
        assert self.refused(repacked(xlsx(), lambda name, text: text[: len(text) // 2])) == "xlsx.damaged"

    @pytest.mark.parametrize(
        ("part", "word"),
        [("content.xml", "ods"), ("word/document.xml", "Word"), ("foto.jpg", "ZIP"), ("xl/workbook.bin", "xlsb")],
    )
    def test_other_archives_are_called_by_their_name(self, part, word):
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w") as archive:
            archive.writestr(part, "x")
        with pytest.raises(RosterError, match=word):
            read(stream.getvalue())

    def test_a_path_out_of_the_archive_writes_nothing(self, tmp_path, monkeypatch):
        monkeypatch.chdir(tmp_path)
        stream = io.BytesIO(xlsx())
        with zipfile.ZipFile(stream, "a") as archive:
            archive.writestr("../../kwaad.xml", "<x/>")
        read(stream.getvalue())
        assert list(tmp_path.iterdir()) == []

    def test_too_many_rows(self, monkeypatch):
        monkeypatch.setattr("app.roster.guardian_list.MAX_RECORDS", 20)
        with pytest.raises(RosterError, match="meer dan 20 regels"):
            read(xlsx(*[row(leerlingnummer=n) for n in range(30)]))

    def test_the_process_that_reads_has_no_secrets(self, monkeypatch):
        seen = {}

        def look(*arguments, **options):
            seen.update(options)
            raise RosterError("stop", "stop")

        monkeypatch.setattr(workbook.subprocess, "Popen", look)
        with pytest.raises(RosterError):
            read(xlsx())
        assert seen["env"] == {}
