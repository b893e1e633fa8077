"""The guardians' list into people: columns under all their names, cells as schools type them, who is who."""

from datetime import date

import pytest

from app.roster.errors import RosterError
from app.roster.records import Custody, FileKind, Relation, RosterAddress
from tests.roster.builders import COLUMNS, csv_list, keys, read, row

SOCIAL_SCHOOLS = ["Roepnaam", "Tussenvoegsel", "Achternaam", "Geboortedatum"] + [
    f"E-mailadres ouder/verzorger {number}" for number in (1, 2)
]


def only(data: bytes):
    (guardian,) = read(data).guardians
    return guardian


class TestWhatIsRead:
    def test_it_works(self):
        roster = read(csv_list(), "lijst.csv")
        lotte = roster.guardians[0]
        assert (roster.kind, roster.version, roster.problems) == (FileKind.GUARDIANS, "csv", ())
        assert (str(lotte.name), lotte.name.initials) == ("Lotte de Vries", "L")
        assert (lotte.email, lotte.mobile) == ("lotte@example.nl", "+31648217703")
        child = lotte.children[0]
        assert (child.pupil.key, child.pupil.birth_date) == ("00123", date(2016, 2, 3))
        assert (child.relation, child.custody, child.sequence) == (Relation.MOTHER, Custody.YES, 1)

    @pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
    def test_separators(self, delimiter):
        assert read(csv_list(delimiter=delimiter)) == pytest.approx(read(csv_list(delimiter=delimiter)))
        assert only(csv_list(delimiter=delimiter)).email == "lotte@example.nl"

    def test_first_names_without_surnames_look_like_a_lost_column(self):
        place = COLUMNS.index("v_achternaam")
        cells = row()
        header = [*COLUMNS[:place], *COLUMNS[place + 1 :]]
        assert "headers.no_surname" in keys(read(csv_list([*cells[:place], *cells[place + 1 :]], header=header)))

    def test_a_comma_in_a_text_does_not_make_commas_the_separator(self):
        assert only(csv_list(row(straat="a, b, c, d, e, f, g, h, i, j, k"))).email == "lotte@example.nl"

    def test_excels_first_line_title_lines_and_blank_lines(self):
        data = b"sep=;\r\nVerzorgers van De Vlieger\r\n\r\n" + csv_list(
            row(), [""] * len(COLUMNS), row(leerlingnummer="9")
        )
        lotte = only(data)
        assert lotte.lines == (5, 7)

    def test_trailing_separators_and_missing_ones(self):
        header = ";".join(COLUMNS)
        cells = ";".join(str(cell) for cell in row()).rstrip(";")
        assert read(f"{header};;;\n{cells};;;;;;;;;;;;;;;;;;;;;\n".encode()).problems == ()
        assert read(f"{header}\n{cells}\n".encode()).problems == ()

    def test_line_breaks_and_quotes_inside_a_cell(self):
        header = ";".join(COLUMNS)
        cells = ";".join('"Lotte\n(mama)"' if cell == "Lotte" else str(cell) for cell in row())
        data = f"{header}\n{cells}\n{';'.join(str(cell) for cell in row(gezag='misschien'))}\n".encode()
        roster = read(data)
        assert roster.guardians[0].name.first_name == "Lotte (mama)"
        assert roster.errors[0].line == 4

    @pytest.mark.parametrize(
        "text", ["03-02-2016", "3-2-2016", "03/02/2016", "3.2.2016", "2016-02-03", "2016-02-03 00:00:00"]
    )
    def test_birth_dates(self, text):
        assert only(csv_list(row(geboortedatum=text))).children[0].pupil.birth_date == date(2016, 2, 3)

    @pytest.mark.parametrize("text", ["03-02-16", "30-02-2016", "02-13-2016", "42403", "feb 2016"])
    def test_birth_dates_that_are_none(self, text):
        roster = read(csv_list(row(geboortedatum=text)))
        assert roster.error_count == 1
        assert roster.errors[0].text.startswith("Regel 2: geboortedatum: ")

    @pytest.mark.parametrize(
        ("typed", "kept"),
        [
            ("0648217703", "+31648217703"),
            ("06-48 21 77 03", "+31648217703"),
            ("+31 (0)6 48217703", "+31648217703"),
            ("0031648217703", "+31648217703"),
            ("648217703", "+31648217703"),
            ("'0648217703", "+31648217703"),
            ("030-234 56 78", "+31302345678"),
            ("+32 2 555 12 12", "+3225551212"),
            ("", None),
        ],
    )
    def test_phones(self, typed, kept):
        roster = read(csv_list(row(mobiel=typed)))
        assert (roster.guardians[0].mobile, roster.problems) == (kept, ())

    @pytest.mark.parametrize("typed", ["12345", "06", "bellen na 18 uur", "0612345678 of 0687654321"])
    def test_a_bad_phone_is_left_out_with_a_warning(self, typed):
        roster = read(csv_list(row(mobiel=typed)))
        assert (roster.guardians[0].mobile, keys(roster), roster.error_count) == (None, ["phone.form"], 0)
        assert roster.problems[0].text.startswith("Regel 2, leerling 00123: mobiel: ")

    def test_a_bad_mail_address_is_left_out_with_a_warning(self):
        roster = read(csv_list(row(email="lotte(at)example.nl")))
        assert (roster.guardians[0].email, keys(roster), roster.error_count) == (None, ["email.form"], 0)

    @pytest.mark.parametrize(
        ("straat", "huisnummer", "toevoeging", "kept"),
        [
            ("Kerkstraat", "7", "b", ("Kerkstraat", 7, "b")),
            ("Kerkstraat", "7 b", "", ("Kerkstraat", 7, "b")),
            ("Kerkstraat 7b", "", "", ("Kerkstraat", 7, "b")),
            ("Kerkstraat 7", "7", "", ("Kerkstraat", 7, None)),
            ("Plein 1944", "12", "", ("Plein 1944", 12, None)),
            ("2e Dwarsstraat", "3-2", "", ("2e Dwarsstraat", 3, "2")),
        ],
    )
    def test_addresses(self, straat, huisnummer, toevoeging, kept):
        data = csv_list(
            row(straat=straat, huisnummer=huisnummer, toevoeging=toevoeging, postcode=" 1234ab.", woonplaats="Ede")
        )
        street, number, addition = kept
        assert only(data).address == RosterAddress(street, number, addition, "1234 AB", "Ede")

    @pytest.mark.parametrize("typed", ["1234 SS", "0123 AB", "1234", "12345 AB", "B-1000"])
    def test_a_bad_postcode_is_left_out_with_a_warning(self, typed):
        roster = read(csv_list(row(postcode=typed, straat="Kerkstraat")))
        assert roster.guardians[0].address == RosterAddress(street="Kerkstraat")
        assert (keys(roster), roster.error_count) == (["postcode.form"], 0)

    @pytest.mark.parametrize(
        ("typed", "kept"),
        [("ja", True), ("J", True), ("1", True), ("x", True), ("nee", False), ("0", False), ("", None)],
    )
    def test_secret_flags(self, typed, kept):
        lotte = only(csv_list(row(geheim_telefoon=typed, geheim_adres=typed)))
        assert (lotte.phone_secret, lotte.address_secret) == (kept, kept)

    @pytest.mark.parametrize("column", ["geheim_telefoon", "geheim_adres"])
    def test_a_secret_flag_that_cannot_be_read_blocks(self, column):
        assert read(csv_list(row(**{column: "vraag moeder"}))).error_count == 1

    @pytest.mark.parametrize(
        ("typed", "kept"), [("ja", Custody.YES), ("Nee", Custody.NO), ("onbekend", Custody.UNKNOWN), ("", None)]
    )
    def test_custody(self, typed, kept):
        assert only(csv_list(row(gezag=typed))).children[0].custody == kept

    def test_custody_that_cannot_be_read_blocks(self):
        roster = read(csv_list(row(gezag="alleen moeder")))
        assert roster.errors[0].text == (
            "Regel 2, leerling 00123: gezag: Bij gezag staat ‘alleen moeder’. Vul in: ja, nee of onbekend."
        )

    @pytest.mark.parametrize(
        ("word", "relation"),
        [
            ("Vader", Relation.FATHER),
            ("pleegmoeder", Relation.FOSTER_PARENT),
            ("voogd", Relation.LEGAL_GUARDIAN),
            ("oma", Relation.GRANDPARENT),
        ],
    )
    def test_relations(self, word, relation):
        assert only(csv_list(row(relatie=word))).children[0].relation == relation

    def test_an_unknown_relation_becomes_other_with_a_warning(self):
        roster = read(csv_list(row(relatie="peettante")))
        assert roster.guardians[0].children[0].relation == Relation.OTHER
        assert keys(roster) == ["relation.unknown"]


class TestHeaders:
    def test_two_parents_on_one_childs_row(self):
        data = csv_list(
            ["Noor", "de", "Vries", "03-02-2016", "lotte@example.nl", "jeroen@example.nl"], header=SOCIAL_SCHOOLS
        )
        lotte, jeroen = read(data).guardians
        assert (lotte.email, jeroen.email) == ("lotte@example.nl", "jeroen@example.nl")
        assert [guardian.children[0].sequence for guardian in (lotte, jeroen)] == [1, 2]
        assert lotte.children[0].pupil.surname == "Vries"

    def test_one_mail_address_on_two_childrens_rows_is_one_parent(self):
        rows = [
            ["Noor", "", "Vries", "03-02-2016", "lotte@example.nl", ""],
            ["Sem", "", "Vries", "01-05-2018", "", "LOTTE@example.nl"],
        ]
        lotte = only(csv_list(*rows, header=SOCIAL_SCHOOLS))
        assert [str(child.pupil) for child in lotte.children] == ["Noor Vries", "Sem Vries"]

    def test_a_row_per_guardian_with_several_children(self):
        data = csv_list(
            ["P1", "Vries", "lotte@example.nl", '"123,124"'], header=["Code", "Achternaam", "Email", "Leerlingcodes"]
        )
        lotte = only(data)
        assert lotte.key == "P1"
        assert [child.pupil.key for child in lotte.children] == ["123", "124"]

    @pytest.mark.parametrize(
        ("alias", "template"),
        [
            ("Leerling-nr.", "leerlingnummer"),
            ("LEERLINGKEY", "leerlingnummer"),
            ("code", "leerlingnummer"),
            ("Voornaam", "roepnaam"),
            ("voorvoegsels", "tussenvoegsel"),
            ("Klasnaam", "groep"),
            ("Stamgroep", "groep"),
            ("Verzorger achternaam", "v_achternaam"),
            ("E-mailadres", "email"),
            ("Mobiel nummer", "mobiel"),
            ("Géheim adres", "geheim_adres"),
        ],
    )
    def test_aliases(self, alias, template):
        header = [alias if column == template else column for column in COLUMNS]
        changed = read(csv_list(header=header))
        assert (changed.guardians, changed.problems) == (read(csv_list()).guardians, ())

    def test_columns_in_another_order(self):
        backwards = csv_list(row()[::-1], header=COLUMNS[::-1])
        assert read(backwards).guardians == read(csv_list()).guardians

    def test_a_column_that_we_do_not_know_or_do_not_want(self):
        data = csv_list([*row(), "voetbal", "111222333"], header=[*COLUMNS, "Hobby", "BSN"])
        roster = read(data)
        assert keys(roster) == ["column.unknown", "column.never_read"]
        assert "111222333" not in repr(roster)

    def test_a_plain_column_beside_numbered_ones_belongs_to_nobody(self):
        header = ["Leerlingnummer", "Verzorger 1 achternaam", "Verzorger 2 achternaam", "Mobiel"]
        roster = read(csv_list(["1", "Vries", "Bakker", "0648217703"], header=header))
        assert keys(roster) == ["column.whose"]
        assert [guardian.mobile for guardian in roster.guardians] == [None, None]

    @pytest.mark.parametrize(
        ("header", "key"),
        [
            (["v_achternaam", "email"], "headers.no_pupil"),
            (["roepnaam", "achternaam", "email"], "headers.no_pupil"),
            (["leerlingnummer", "roepnaam", "groep"], "headers.no_guardian"),
            (["email", "e-mailadres", "leerlingnummer"], "headers.twice"),
            (["aap", "noot", "mies"], "headers.none"),
        ],
    )
    def test_headers_that_will_not_do(self, header, key):
        with pytest.raises(RosterError) as refused:
            read(csv_list(["x"] * len(header), header=header))
        assert refused.value.key == key

    def test_header_only(self):
        with pytest.raises(RosterError, match="geen gegevens"):
            read((";".join(COLUMNS) + "\n").encode())


class TestWhoIsWho:
    def test_a_parent_of_two_is_one_person(self):
        lotte = only(csv_list(row(), row(leerlingnummer="00124", roepnaam="Sem", email="LOTTE@EXAMPLE.NL", mobiel="")))
        assert [child.pupil.key for child in lotte.children] == ["00123", "00124"]
        assert (lotte.mobile, lotte.lines) == ("+31648217703", (2, 3))

    def test_same_mobile_and_name_without_a_mail_address(self):
        assert len(only(csv_list(row(email=""), row(leerlingnummer="00124", roepnaam="Sem", email=""))).children) == 2

    def test_same_name_alone_is_not_the_same_person(self):
        rows = [row(email="", mobiel=""), row(leerlingnummer="00124", roepnaam="Sem", email="", mobiel="")]
        assert len(read(csv_list(*rows)).guardians) == 2

    def test_same_name_and_mobile_but_another_mail_address_stay_two(self):
        rows = [row(), row(leerlingnummer="00124", roepnaam="Sem", email="lotte@werk.example.nl")]
        assert len(read(csv_list(*rows)).guardians) == 2

    def test_two_parents_who_share_initials_surname_and_mail_address(self):
        both = [
            row(v_roepnaam="", v_voorletters="J.", relatie="vader", verzorger_volgnummer=1),
            row(v_roepnaam="", v_voorletters="J.", relatie="moeder", verzorger_volgnummer=2),
        ]
        sem = [[*("00124", "Sem"), *cells[2:]] for cells in both]
        father, mother = read(csv_list(*both, *sem)).guardians
        assert [child.relation for child in father.children] == [Relation.FATHER] * 2
        assert [child.pupil.key for child in mother.children] == ["00123", "00124"]

    def test_a_shared_mail_address_warns(self):
        roster = read(csv_list(row(), row(v_roepnaam="Jeroen", relatie="vader", verzorger_volgnummer=2)))
        assert len(roster.guardians) == 2
        assert (keys(roster), roster.error_count) == (["email.shared"], 0)

    def test_a_guardians_number_decides_over_name_and_address(self):
        header = ["verzorgernummer", *COLUMNS]
        rows = [["P1", *row()], ["P1", *row(leerlingnummer="00124", roepnaam="Sem", v_roepnaam="L.", email="")]]
        assert len(only(csv_list(*rows, header=header)).children) == 2
        rows[1][0] = "P2"
        assert len(read(csv_list(*rows, header=header)).guardians) == 2

    def test_a_double_row_warns_and_counts_once(self):
        roster = read(csv_list(row(), row()))
        assert (len(roster.guardians[0].children), keys(roster), roster.error_count) == (1, ["guardian.double"], 0)

    def test_a_double_row_with_other_custody_blocks(self):
        roster = read(csv_list(row(), row(gezag="nee")))
        assert (keys(roster), roster.error_count) == (["guardian.custody_twice"], 1)

    def test_another_phone_on_a_second_row_warns_and_the_first_stays(self):
        roster = read(csv_list(row(), row(leerlingnummer="00124", roepnaam="Sem", mobiel="0612345678")))
        assert (roster.guardians[0].mobile, keys(roster)) == ("+31648217703", ["guardian.contradiction"])

    def test_secret_on_one_row_is_secret(self):
        rows = [row(geheim_adres="nee"), row(leerlingnummer="00124", roepnaam="Sem", geheim_adres="ja")]
        assert only(csv_list(*rows)).address_secret is True

    def test_one_number_for_two_children_blocks(self):
        roster = read(csv_list(row(), row(roepnaam="Sem", v_roepnaam="Els", email="els@example.nl")))
        assert keys(roster) == ["pupil.contradiction"]
        assert roster.errors[0].text.startswith(
            "Regel 3, leerling 00123: Onder dit leerlingnummer staat op regel 2 een ander kind"
        )


class TestProblems:
    def test_which_child(self):
        assert keys(read(csv_list(row(leerlingnummer="", geboortedatum="")))) == ["pupil.unnamed"]

    def test_nobody_on_the_row(self):
        nobody = row(v_voorletters="", v_roepnaam="", v_tussenvoegsel="", v_achternaam="", email="", mobiel="")
        roster = read(csv_list(nobody, row()))
        assert (keys(roster), roster.error_count) == (["guardian.none"], 0)

    def test_a_phone_without_a_person(self):
        nobody = row(v_voorletters="", v_roepnaam="", v_tussenvoegsel="", v_achternaam="", email="")
        assert keys(read(csv_list(nobody))) == ["guardian.unnamed"]

    def test_a_row_that_is_wider_than_its_header(self):
        assert keys(read(csv_list([*row(), "over"]))) == ["row.too_wide"]

    @pytest.mark.parametrize("typed", ["lotte@example.nl", "03-02-2016", "12345", "=HYPERLINK(1)", "111222333"])
    def test_another_columns_value_where_a_name_belongs(self, typed):
        roster = read(csv_list(row(v_achternaam=typed)))
        assert roster.error_count == 1
        assert roster.errors[0].field == "v_achternaam"

    def test_swapped_columns_block(self):
        rows = [
            row(leerlingnummer=n, roepnaam=f"Kind{n}", email="0648217703", mobiel=f"p{n}@example.nl") for n in "ABCDEF"
        ]
        roster = read(csv_list(*rows))
        assert [(problem.key, problem.field) for problem in roster.errors] == [
            ("column.swapped", "email"),
            ("column.swapped", "mobiel"),
        ]

    def test_bsns_in_the_place_of_pupil_numbers_block(self):
        numbers = ["111222333", "123456782", "100000009", "100000010", "100000022"]
        from app.roster.values import passes_eleven_test

        assert all(map(passes_eleven_test, numbers))
        rows = [
            row(leerlingnummer=number, roepnaam=f"K{letter}") for letter, number in zip("abcde", numbers, strict=True)
        ]
        assert [problem.key for problem in read(csv_list(*rows)).errors] == ["pupil.bsn_as_key"]

    @pytest.mark.parametrize("cut", [1, 30, 60])
    def test_cut_off_in_the_last_row(self, cut):
        data = csv_list(row(), row(leerlingnummer="00124")).rstrip(b";\r\n")
        with pytest.raises(RosterError, match="Regel 3: Het bestand houdt hier plotseling op"):
            read(data[:-cut])

    def test_a_quote_that_never_closes(self):
        data = csv_list(row(v_roepnaam='"Lotte'), *[row(leerlingnummer=n) for n in range(100)])
        with pytest.raises(RosterError, match=r"^Regel 2: Deze regel is niet te lezen"):
            read(data)

    def test_a_cell_of_a_megabyte(self):
        with pytest.raises(RosterError, match=r"^Regel 2: "):
            read(csv_list(row(straat="x" * 1_000_000)))
