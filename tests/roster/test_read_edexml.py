"""EDEXML into records: what each version says, and the traps of the standard's own files."""

from datetime import date

import pytest

from app.roster.errors import RosterError
from app.roster.records import FileKind, Name, Sex
from tests.roster.builders import NOOR, SCHOOL, edexml, keys, pupil, read


class TestWhatIsRead:
    def test_it_works(self):
        roster = read(edexml(), "C:\\export\\EDEX.XML")
        noor = roster.pupils[0]
        assert (roster.kind, roster.version, roster.source_name) == (FileKind.EDEXML, "2.1", "EDEX.XML")
        assert (roster.school.brin, roster.school.branch, roster.school.school_year) == ("99AB", None, "2026-2027")
        assert noor.name == Name(first_name="Noor", prefix="de", surname="Vries")
        assert (noor.key, noor.birth_date, noor.group_key, noor.year) == ("00123", date(2016, 2, 3), "g5", "5")
        assert roster.problems == ()

    def test_every_record_knows_its_line(self):
        data = edexml(NOOR, pupil("2"))
        lines = data.decode().splitlines()
        for record in read(data).pupils:
            assert f'<leerling key="{record.key}"' in lines[record.line - 1]

    def test_composite_groups_beside_the_home_group(self):
        extra = '<groep key="g5"/><samengestelde_groepen><samengestelde_groep key="plus"/></samengestelde_groepen>'
        found = read(edexml(pupil(extra=extra))).pupils[0]
        assert (found.group_key, found.composite_group_keys) == ("g5", ("plus",))

    def test_a_teacher_with_roles_of_both_kinds(self):
        teacher = """<leerkracht key="L1" eckid="https://id.school/x"><achternaam>Haddad</achternaam>
        <roepnaam>Samira</roepnaam><rol>LRK</rol><rolomschrijving>rots</rolomschrijving>
        <groepen><groep key="g5"><rol>IB</rol></groep><samengestelde_groep key="plus"/></groepen></leerkracht>"""
        found = read(edexml(teachers=teacher)).teachers[0]
        assert found.roles == ("LRK", "rots", "IB")
        assert found.group_keys == ("g5", "plus")
        assert found.eck_id == "https://id.school/x"

    def test_an_eck_id_of_two_hundred_characters_stays_as_it_is(self):
        eck_id = "https://ketenid.nl/201703/" + "a" * 128
        found = read(edexml(NOOR.replace('key="00123"', f'key="00123" eckid="{eck_id}"'))).pupils[0]
        assert found.eck_id == eck_id

    def test_progress_ends_at_all(self):
        from io import BytesIO

        from app.roster.edexml import read_edexml
        from app.roster.sniff import sniff

        told = []
        read_edexml(sniff(BytesIO(edexml()), name="x"), progress=lambda done, total: told.append((done, total)))
        assert told[-1][0] == told[-1][1] > 0


class TestVersions:
    def test_1_03_has_a_group_or_a_year(self):
        school = "<school><schooljaar>2026-2027</schooljaar><brincode>99AB</brincode></school>"
        roster = read(edexml(pupil("1", extra='<groep key="g5"/>'), pupil("2", jaargroep="7"), school=school))
        assert [(found.year, found.group_key) for found in roster.pupils] == [("5", "g5"), ("7", None)]

    @pytest.mark.parametrize(
        ("school", "version"),
        [
            ("", "1.03"),
            ("<peildatum>2026-10-01</peildatum>", "2.0"),
            ("<xsdversie>1.03</xsdversie>", "1.03"),
            ("<xsdversie>2.0</xsdversie>", "2.0"),
        ],
    )
    def test_version_as_written_or_as_it_must_be(self, school, version):
        school = f"<school><schooljaar>2026-2027</schooljaar>{school}</school>"
        assert read(edexml(pupil(), school=school, groups="")).version == version

    def test_an_unknown_version_is_read_with_a_warning(self):
        roster = read(edexml(school=SCHOOL.replace("2.1", "3.0")))
        assert keys(roster) == ["version.unknown"]
        assert roster.version == "2.1"

    @pytest.mark.parametrize("year", ["2026-2027", "2031-2032", "2026 / 2027"])
    def test_a_school_year_beyond_the_schemas_own_list(self, year):
        school = SCHOOL.replace("2026-2027", year).replace("2026-10-01", f"{year[:4]}-10-01")
        assert read(edexml(school=school)).school.school_year == year.replace(" / ", "-")

    @pytest.mark.parametrize("year", ["2026-2028", "2026", "26-27", "2027-2026", "٢٠٢٦-٢٠٢٧"])
    def test_not_a_school_year(self, year):
        with pytest.raises(RosterError, match="geen schooljaar"):
            read(edexml(school=SCHOOL.replace("2026-2027", year)))


class TestTraps:
    @pytest.mark.parametrize(
        ("code", "sex"), [("0", Sex.UNKNOWN), ("1", Sex.BOY), ("2", Sex.GIRL), ("9", Sex.UNSPECIFIED)]
    )
    def test_sex_is_the_reverse_of_oso(self, code, sex):
        assert read(edexml(pupil(geslacht=code))).pupils[0].sex == sex

    def test_an_unknown_sex_code_warns(self):
        roster = read(edexml(pupil(geslacht="M")))
        assert roster.pupils[0].sex == Sex.UNKNOWN
        assert keys(roster) == ["code.unknown"]

    def test_a_bsn_that_fails_its_test_warns_and_is_never_kept(self):
        roster = read(edexml(pupil(bsn="133456785")))
        assert keys(roster) == ["bsn.test"]
        assert roster.error_count == 0
        assert "133456785" not in repr(roster)

    def test_a_good_bsn_is_not_kept_either(self):
        roster = read(edexml(pupil(bsn="111222333")))
        assert roster.problems == ()
        assert "111222333" not in repr(roster)

    def test_what_we_have_no_purpose_for_is_not_read(self):
        unread = {
            "etniciteit": "1",
            "land": "QX",
            "land_vader": "QY",
            "land_moeder": "QZ",
            "sofinummer": "999888777",
            "bsn_ondwnr-4": "9876",
            "gewicht": "0.90",
            "gewicht_nieuw": "1,2",
            "fotourl": "https://example.nl/kanarie",
            "gebruikersnaam": "kanarie",
        }
        text = repr(read(edexml(pupil(**unread))))
        assert not [
            value for value in ("QX", "QY", "QZ", "999888777", "9876", "0.90", "1,2", "kanarie") if value in text
        ]

    def test_vendors_additions_are_skipped_whole(self):
        extra = """<toevoegingen><blok xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="Anders">
        <code>x</code><achternaam>Kanarie</achternaam><groep key="weg"/></blok></toevoegingen>"""
        roster = read(edexml(pupil(extra=extra)))
        assert roster.problems == ()
        assert roster.pupils[0].name.surname == "Bos"

    def test_a_vendors_own_schema_location_does_not_matter(self):
        head = '<?xml version="1.0"?>\n'
        data = edexml(head=head).replace(
            b"<EDEX>",
            b'<EDEX xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
            b'xsi:noNamespaceSchemaLocation="http://x/y.xsd">',
        )
        assert read(data).problems == ()

    def test_the_pupils_own_year_wins(self):
        assert read(edexml(pupil(jaargroep="6", extra='<groep key="g5"/>'))).pupils[0].year == "6"

    def test_a_combination_group_decides_no_year(self):
        roster = read(
            edexml(
                pupil("1", jaargroep="3", extra='<groep key="g34"/>'),
                pupil("2", extra='<groep key="g34"/>', roepnaam="Jip"),
            )
        )
        assert [found.year for found in roster.pupils] == ["3", None]
        assert keys(roster) == ["year.combination"]

    def test_left_before_the_day_of_the_data(self):
        roster = read(
            edexml(pupil("1", uitstroomdatum="2026-09-30"), pupil("2", uitstroomdatum="2026-10-01", roepnaam="Jip"))
        )
        assert [found.left for found in roster.pupils] == [True, False]

    def test_historical_is_left(self):
        found = read(edexml(pupil(jaargroep="H"))).pupils[0]
        assert (found.left, found.year) == (True, None)

    def test_who_left_may_point_at_a_group_of_another_year(self):
        roster = read(edexml(NOOR, pupil("2", jaargroep="H", extra='<groep key="oud"/>')))
        assert (keys(roster), roster.error_count) == (["reference.dangling"], 0)

    def test_keys_are_trimmed_and_an_unstable_one_is_not_matchable(self):
        roster = read(edexml(pupil(" 7 ", extra='<groep key=" g5 "/>'), pupil("#001", roepnaam="Jip")))
        assert [(found.key, found.matchable_key) for found in roster.pupils] == [("7", "7"), ("#001", None)]
        assert roster.pupils[0].group_key == "g5"

    def test_names_lose_double_spaces_and_odd_forms(self):
        name = (
            read(edexml(pupil(achternaam=" Hof  Jansen ", voornamen="Re\u0301ne\u200b", **{"voorletters-1": "R.J."})))
            .pupils[0]
            .name
        )
        assert (name.surname, name.official_first_names, name.initials) == ("Hof Jansen", "Réne", "RJ")


class TestProblems:
    def test_a_double_key_names_both_lines(self):
        data = edexml(pupil("7"), pupil("7", roepnaam="Jip"))
        first, second = (n for n, text in enumerate(data.decode().splitlines(), 1) if 'key="7"' in text)
        (problem,) = read(data).problems
        assert problem.text.startswith(f"Regel {second}, leerling 7: Deze sleutel (key) staat ook op regel {first}.")

    def test_a_double_eck_id(self):
        one = pupil("1").replace("<leerling ", '<leerling eckid="x" ')
        two = pupil("2", roepnaam="Jip").replace("<leerling ", '<leerling eckid="x" ')
        assert keys(read(edexml(one, two))) == ["eck_id.double"]

    def test_a_dangling_reference(self):
        roster = read(edexml(pupil("7", extra='<groep key="weg"/>')))
        assert roster.errors[0].text.endswith("leerling 7: Groep weg staat niet in dit bestand.")

    def test_a_teachers_dangling_reference(self):
        teacher = '<leerkracht key="L"><achternaam>X</achternaam><groepen><groep key="weg"/></groepen></leerkracht>'
        assert keys(read(edexml(teachers=teacher))) == ["reference.dangling"]

    @pytest.mark.parametrize("text", ["2016-02-30", "03-02-2016", "2016", "2016-2-3", "gisteren"])
    def test_a_date_that_is_none(self, text):
        roster = read(edexml(pupil(geboortedatum=text)))
        assert roster.error_count == 1
        assert roster.errors[0].field == "geboortedatum"

    def test_a_birth_date_in_the_future(self):
        assert keys(read(edexml(pupil(geboortedatum="2027-01-01")))) == ["birth_date.future"]

    def test_a_pupil_of_forty(self):
        roster = read(edexml(pupil(geboortedatum="1986-01-01")))
        assert (keys(roster), roster.error_count) == (["birth_date.old"], 0)

    def test_no_key_no_name(self):
        roster = read(edexml("<leerling><roepnaam>X</roepnaam></leerling>", '<leerling key="8"/>'))
        assert keys(roster) == ["key.missing", "name.missing"]

    def test_two_home_groups(self):
        assert "field.twice" in keys(read(edexml(pupil(extra='<groep key="g5"/><groep key="g34"/>'))))

    def test_a_composite_group_is_no_home_group(self):
        roster = read(edexml(pupil(extra='<groep key="plus"/>')))
        assert keys(roster) == ["group.composite"]
        assert (roster.pupils[0].group_key, roster.pupils[0].composite_group_keys) == (None, ("plus",))

    def test_a_bsn_in_a_name_blocks_and_is_not_shown(self):
        roster = read(edexml(pupil(roepnaam="Tygo 111222333")))
        assert keys(roster) == ["name.bsn"]
        assert "111222333" not in repr(roster)

    def test_twins_are_two_but_one_name_twice_warns(self):
        twins = [
            pupil("1", roepnaam="Jip", geboortedatum="2016-02-03"),
            pupil("2", roepnaam="Janneke", geboortedatum="2016-02-03"),
        ]
        assert read(edexml(*twins)).problems == ()
        assert keys(read(edexml(*twins, pupil("3", roepnaam="Jip", geboortedatum="2016-02-03")))) == ["pupil.double"]

    def test_no_pupils_is_an_error_and_not_a_school_that_emptied(self):
        assert keys(read(edexml(" "))) == ["pupils.none"]

    def test_a_bad_brin(self):
        assert keys(read(edexml(school=SCHOOL.replace("99AB", "AB99")))) == ["brin.form"]

    def test_thousands_of_problems_keep_the_errors_in_sight(self):
        bad = [pupil(str(n), geslacht="M", roepnaam=f"J{n}x") for n in range(1200)]
        roster = read(edexml(*bad, pupil("x", geboortedatum="nooit")))
        assert (roster.warning_count, roster.error_count) == (1200, 1)
        assert len(roster.problems) == 1000
        assert len(roster.errors) == 1
