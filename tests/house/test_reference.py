"""The packaged directory of authorities: whole, sourced, told apart; a bad row stops with file and line."""

import csv
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from tracker.errors import BadFile
from tracker.reference import authorities as reference
from tracker.reference.authorities import (
    AuthorityFacts,
    authorities,
    directory,
    in_words,
    label,
    opening,
    short_name,
    slug_of,
    spoken,
)
from tracker.reference.names import adjective, country_name, language_name, languages
from tracker.rules.routing import Directory
from tracker.rules.territory import eea_states

LANDS = set(
    "DE-BW DE-BY DE-BE DE-BB DE-HB DE-HH DE-HE DE-MV DE-NI DE-NW DE-RP DE-SL DE-SN DE-ST DE-SH DE-TH".split()
)
EEA = eea_states(date(2026, 11, 22))
ROWS = list(authorities().values())


class TestTheDirectory:
    def test_has_every_authority_of_the_collected_facts_once(self):
        assert len(ROWS) == 65
        assert len({it.slug for it in ROWS}) == 65
        assert list(authorities()) == [it.slug for it in ROWS]

    def test_has_what_the_file_has_and_nothing_of_it_is_lost(self):
        with reference.FILE.open(encoding="utf-8", newline="") as stream:
            raw = {row["slug"]: row for row in csv.DictReader(stream)}
        assert len(raw) == 65
        for it in ROWS:
            kept = {name: getattr(it, name) for name in raw[it.slug]}
            kept["source_date"] = kept["source_date"].isoformat() if kept["source_date"] else ""
            assert kept == raw[it.slug]

    @pytest.mark.parametrize("it", ROWS, ids=lambda it: it.slug)
    def test_says_of_every_authority_where_it_is_known_from(self, it):
        assert it.source.strip() and it.name.strip() and it.name_en.strip()
        assert it.source_date is None or date(2015, 1, 1) <= it.source_date <= date(2026, 12, 31)

    @pytest.mark.parametrize("it", ROWS, ids=lambda it: it.slug)
    def test_names_the_languages_of_every_authority_in_english(self, it):
        assert it.languages
        for code in it.languages.split(";"):
            assert language_name(code) != code, code

    def test_starts_every_slug_with_the_country(self):
        assert [it.slug for it in ROWS if not it.slug.startswith(it.country.lower() + "-")] == []

    @pytest.mark.parametrize(
        ("scope", "count"),
        [
            ("national", 26), ("national-eea", 3), ("federal", 1), ("land", 17), ("regional", 3),
            ("church", 6), ("broadcasting", 2), ("third-country", 5), ("eu-institutions", 1), ("board", 1),
        ],
    )  # fmt: skip
    def test_has_each_kind_of_authority(self, scope, count):
        assert sum(it.scope == scope for it in ROWS) == count

    def test_is_read_once(self):
        assert authorities() is authorities() and directory() is directory()


class TestWhoIsCompetentWhere:
    def test_is_one_authority_for_each_state_but_germany(self):
        states = {place for place in directory().by_place if "-" not in place}
        assert len(EEA) == 30
        assert states & EEA == EEA - {"DE"}

    def test_is_one_authority_for_each_land(self):
        assert {place for place in directory().by_place if place.startswith("DE-")} == LANDS
        assert len(LANDS) == 16

    @pytest.mark.parametrize(
        ("place", "slug"),
        [
            ("IE", "ie-dpc"),
            ("NO", "no-datatilsynet"),
            ("LI", "li-dss"),
            ("FR-75", "fr-cnil"),
            ("DE-BY", "de-by-baylda"),
            ("DE-SN", "de-sn-sdtb"),
            ("GB", "gb-ico"),
            ("CH", "ch-fdpic"),
            ("DE", None),
            ("US", None),
            ("ES-CT", "es-aepd"),
        ],
    )
    def test_is_the_authority_for_private_bodies(self, place, slug):
        assert directory().at(place) == slug

    def test_leads_back_from_every_authority_to_its_place(self):
        places = directory().place_of
        assert set(places) == set(authorities())
        assert (places["ie-dpc"], places["de-by-baylfd"], places["es-ct-apdcat"]) == ("IE", "DE-BY", "ES-CT")
        for place, slug in directory().by_place.items():
            assert places[slug] == place

    def test_never_is_a_church_a_region_the_board_or_the_union(self):
        own = {"national", "national-eea", "land", "third-country"}
        assert {authorities()[slug].scope for slug in directory().by_place.values()} == own
        assert isinstance(directory(), Directory)


class TestTheNameOfAnAuthority:
    @pytest.mark.parametrize(
        ("slug", "shown", "said"),
        [
            ("ie-dpc", "DPC · Ireland", "the Irish DPC"),
            ("nl-ap", "AP · Netherlands", "the Dutch AP"),
            ("dk-datatilsynet", "Datatilsynet · Denmark", "the Danish Datatilsynet"),
            ("no-datatilsynet", "Datatilsynet · Norway", "the Norwegian Datatilsynet"),
            ("lu-cnpd", "CNPD · Luxembourg", "the Luxembourg CNPD"),
            ("pt-cnpd", "CNPD · Portugal", "the Portuguese CNPD"),
            ("eu-edpb", "EDPB · European Union", "the EDPB"),
            (None, "not known", None),
            ("xx-nowhere", "xx-nowhere", None),
        ],
    )
    def test_shows_the_country(self, slug, shown, said):
        assert label(slug) == shown
        if said or slug is None:
            assert spoken(slug) == said

    def test_says_what_is_known_of_one_that_is_not(self):
        assert label(None, "FR") == "not known · France"
        assert in_words(None, "FR") == "an authority in France that is not known"
        assert opening(None) == "An authority that is not known"

    @pytest.mark.parametrize(
        "written",
        ["ie-dpc", "DPC · Ireland", "DPC (Ireland)", "the Irish DPC", "The Irish DPC", " irish  dpc "],
    )
    def test_is_understood_as_anybody_writes_it(self, written):
        assert slug_of(written) == "ie-dpc"

    @pytest.mark.parametrize("written", ["", "DPC", "the DPC", "Meta Platforms Ireland Limited", "noyb"])
    def test_is_not_guessed_from_less(self, written):
        assert slug_of(written) is None

    @pytest.mark.parametrize("it", ROWS, ids=lambda it: it.slug)
    def test_leads_back_to_the_authority(self, it):
        for words in (label(it.slug), in_words(it.slug), opening(it.slug)):
            assert slug_of(words) == it.slug

    def test_tells_every_two_apart(self):
        shown = [label(it.slug) for it in ROWS]
        assert sorted(it for it in shown if shown.count(it) > 1) == []

    @pytest.mark.parametrize("it", ROWS, ids=lambda it: it.slug)
    def test_always_ends_with_the_country(self, it):
        assert label(it.slug).endswith(f" · {country_name(it.country)}")
        whose = "" if it.country == "EU" else f"{adjective(it.country)} "
        assert spoken(it.slug).startswith(f"the {whose}")

    def test_falls_back_on_the_long_name(self):
        assert short_name("", "Datenschutzstelle", "LI") == "Datenschutzstelle"
        assert short_name("X (Ireland)", "Y", "IE") == "X"


class TestNames:
    def test_of_languages_are_english_and_sorted(self):
        names = [name for _, name in languages()]
        assert names == sorted(names) and dict(languages())["el"] == "Greek"

    @pytest.mark.parametrize("code", ["zz", "", "no such language", "x" * 1000, "de_"])
    def test_of_languages_that_nobody_knows_come_back(self, code):
        assert language_name(code) == code

    @pytest.mark.parametrize(
        ("code", "name"), [("NL", "Netherlands"), ("EU", "European Union"), ("XX", "XX"), ("", "")]
    )
    def test_of_countries_are_english(self, code, name):
        assert country_name(code) == name

    def test_have_an_adjective_for_every_country_in_the_directory(self):
        with (reference.FILE.parent / "countries.csv").open(encoding="utf-8", newline="") as stream:
            told = {row["code"]: row["adjective"] for row in csv.DictReader(stream)}
        assert {it.country for it in ROWS} <= set(told) and all(told.values())
        assert (adjective("NL"), adjective("XX")) == ("Dutch", "XX")


GOOD = {
    "slug": "ie-dpc", "country": "IE", "scope": "national", "name": "DPC", "source": "https://example.org",
}  # fmt: skip


@pytest.fixture
def file(tmp_path) -> Callable[..., Path]:
    """Write a directory of rows that differ from a good one in what is given."""

    def write(*rows: dict[str, str]) -> Path:
        path = tmp_path / "directory.csv"
        with path.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(stream, list(AuthorityFacts.__dataclass_fields__), restval="")
            writer.writeheader()
            writer.writerows({**GOOD, **row} for row in rows)
        return path

    return write


class TestAnotherFile:
    def test_is_read_when_it_is_good(self, file):
        found = reference.read(file({}, {"slug": "fr-cnil", "country": "FR", "source_date": "2024-02-29"}))
        assert list(found) == ["ie-dpc", "fr-cnil"]
        assert (found["ie-dpc"].source_date, found["fr-cnil"].source_date) == (None, date(2024, 2, 29))

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("slug", ""),
            ("slug", "IE-DPC"),
            ("slug", "dpc"),
            ("slug", "fr-dpc"),
            ("slug", "ie-dpc\n"),
            ("country", "Ireland"),
            ("country", ""),
            ("country", "ZZ"),
            ("region_code", "ZZ-QQ"),
            ("region_code", "IE-D"),
            ("languages", "qqq"),
            ("languages", "en;"),
            ("accepts_email", "maybe"),
            ("notes", "two\nlines"),
            ("notes", "a NUL\0"),
            ("source_date", "2999-01-01"),
            ("scope", "National"),
            ("name", "  "),
            ("source", ""),
            ("source_date", "2023-02-29"),
            ("source_date", "last year"),
            ("website", "www.example.org"),
            ("website", "javascript:alert(1)"),
            ("complaint_form", "https://a b"),
            ("email", "nobody"),
            ("email", "a@b"),
        ],
    )
    def test_stops_at_a_bad_row_with_file_line_and_field(self, file, field, value):
        good = {"slug": "fr-cnil", "country": "FR"}
        with pytest.raises(BadFile) as refused:
            reference.read(file(good, {field: value}))
        [fault] = refused.value.faults
        assert fault.startswith(f"directory.csv: line 3: {field}: ")

    @pytest.mark.parametrize(
        ("row", "field"),
        [
            ({"slug": "de-one", "country": "DE"}, "scope"),
            ({"slug": "gb-one", "country": "GB"}, "scope"),
            ({"scope": "land", "region_code": "IE-D"}, "scope"),
            ({"slug": "de-one", "country": "DE", "scope": "land", "region_code": "DE-QQ"}, "region_code"),
            ({"slug": "de-one", "country": "DE", "scope": "land"}, "region_code"),
            ({"slug": "es-one", "country": "ES", "scope": "regional", "region_code": "FR-75"}, "region_code"),
        ],
    )
    def test_stops_at_an_authority_in_a_place_that_has_none_of_its_kind(self, file, row, field):
        with pytest.raises(BadFile) as refused:
            reference.read(file(row))
        assert [it.split(": ")[1:3] for it in refused.value.faults] == [["line 2", field]]

    @pytest.mark.parametrize(
        ("one", "other", "place"),
        [
            ({}, {"slug": "ie-other"}, "IE"),
            (
                {"slug": "de-one", "country": "DE", "scope": "land", "region_code": "DE-BE"},
                {"slug": "de-two", "country": "DE", "scope": "land", "region_code": "DE-BE"},
                "DE-BE",
            ),
        ],
    )
    def test_stops_at_a_second_authority_for_private_bodies_in_a_place(self, file, one, other, place):
        with pytest.raises(BadFile) as refused:
            reference.read(file(one, other))
        first = {**GOOD, **one}["slug"]
        assert refused.value.faults == (
            f"directory.csv: line 3: scope: {first} supervises private bodies in {place} already",
        )

    def test_stops_at_a_quotation_mark_that_is_not_closed(self, file):
        path = file({"notes": "the one"}, {"slug": "fr-cnil", "country": "FR", "notes": "other"})
        path.write_text(path.read_text().replace("the one", '"the one'))
        with pytest.raises(BadFile, match="^directory.csv: line 2: row: cannot be read: unexpected end"):
            reference.read(path)
        path.write_text(path.read_text().replace("other", 'other"'))
        with pytest.raises(BadFile, match="^directory.csv: line 2: notes: holds a line break"):
            reference.read(path)

    def test_stops_at_bytes_that_are_no_text(self, file):
        path = file({}, {"slug": "fr-cnil", "country": "FR", "name": "Commission"})
        path.write_bytes(path.read_bytes().replace(b"Commission", b"Comm\xefssion"))
        with pytest.raises(BadFile, match="^directory.csv: line 3: row: is not UTF-8"):
            reference.read(path)

    def test_is_refused_by_name_when_it_is_not_there(self, tmp_path):
        with pytest.raises(BadFile, match="^no.csv: file: whole: cannot be read: No such file"):
            reference.read(tmp_path / "no.csv")

    def test_says_all_faults_at_once(self, file):
        with pytest.raises(BadFile) as refused:
            reference.read(
                file({"country": "x", "name": ""}, {"slug": "fr-cnil", "country": "FR", "scope": "x"})
            )
        assert [it.split(": ")[1:3] for it in refused.value.faults] == [
            ["line 2", "country"], ["line 2", "name"], ["line 3", "scope"],
        ]  # fmt: skip

    def test_stops_at_a_slug_that_stands_there_twice(self, file):
        with pytest.raises(BadFile, match="line 3: slug: 'ie-dpc' stands here twice"):
            reference.read(file({}, {}))

    def test_stops_at_a_row_that_is_too_long_or_too_short(self, file):
        path = file({})
        for cells in ("ie-x," * 30, "ie-x,IE"):
            path.write_text(path.read_text().splitlines()[0] + "\n" + cells + "\n")
            with pytest.raises(BadFile, match="directory.csv: line 2: row: the row must have 19 columns"):
                reference.read(path)

    def test_stops_at_columns_that_are_others(self, tmp_path):
        path = tmp_path / "directory.csv"
        for header in ("slug,country", ""):
            path.write_text(header + "\n")
            with pytest.raises(BadFile, match="directory.csv: line 1: header: the columns must be slug, "):
                reference.read(path)
