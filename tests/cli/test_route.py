"""`tracker route`: answers for facts in a file, without a store."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.rules.test_routing import check
from tests.test_cli import Run

VECTORS = Path(__file__).parent.parent / "rules" / "routing_vectors.yaml"
KEYS = (
    "id procedure lead reason handling receiving cross_border concerned candidates steps warnings human"
).split()
FACTS = {
    "as_of": "2024-06-06",
    "lodged_with": "at-dsb",
    "complainant_residence": "AT",
    "establishments": [{"place": "IE", "ca": True, "decides": True, "implements": True}, {"place": "FR"}],
    "decided_outside_eea": False,
    "affected": "EEA",
}


@pytest.fixture
def file(tmp_path: Path):
    """Return a function that writes facts, one item, into a file and returns it."""

    def write(change=None, *, name="facts.json", key="X1", **beside):
        path = tmp_path / name
        path.write_text(json.dumps([{"id": key, "facts": FACTS | (change or {}), **beside}]), "utf-8")
        return path

    return write


class TestTheRealCases:
    def test_are_answered_as_a_lawyer_found(self, run: Run):
        status, out, err = run("route", str(VECTORS), "--json")
        assert (status, err) == (0, "")
        answers = {it["id"]: it for it in json.loads(out)}
        vectors = yaml.safe_load(VECTORS.read_text("utf-8"))
        assert list(answers) == [it["id"] for it in vectors]
        for it in vectors:
            check(answers[it["id"]], it["expect"])

    def test_are_given_under_the_documented_keys_and_no_others(self, run: Run):
        for it in json.loads(run("route", str(VECTORS), "--json")[1]):
            assert list(it) == KEYS
            assert it["steps"] and all(list(step) == ["text", "basis"] for step in it["steps"])
            assert all(set(grounds) <= {"a", "b", "c"} for grounds in it["concerned"].values())

    def test_can_be_read_by_a_person(self, run: Run):
        status, out, _ = run("route", str(VECTORS))
        assert status == 0
        assert "R01: The Irish DPC leads: the controller has its central administration" in out
        assert "Lead:         ie-dpc, DPC · Ireland" in out
        assert "A person has to look before this is relied on." in out
        assert "W_EPRIVACY_SPLIT: " in out and "[Art 4(23)(a)]" in out


class TestAFileOfFacts:
    def test_needs_no_home(self, file, tmp_path: Path):
        done = subprocess.run(
            [sys.executable, "-m", "tracker.cli", "route", str(file()), "--json"],
            capture_output=True,
            text=True,
            cwd=tmp_path,
            env={"PATH": "", "TRACKER_HOME": str(tmp_path / "nowhere")},
            check=False,
        )
        assert (done.returncode, done.stderr) == (0, "")
        assert json.loads(done.stdout)[0]["lead"] == "ie-dpc"
        assert not (tmp_path / "nowhere").exists()

    def test_may_hold_keys_beside_the_facts(self, run: Run, file):
        status, out, _ = run("route", str(file(title="A case", expect={"lead": None})), "--json")
        assert status == 0 and json.loads(out)[0]["lead"] == "ie-dpc"

    def test_says_not_known_as_null_and_never_as_no(self, run: Run, file):
        out = run("route", str(file({"affected": None, "establishments": [{"place": "IE"}]})), "--json")[1]
        answer = json.loads(out)[0]
        assert (answer["cross_border"], answer["reason"]) == (None, "UNDETERMINED_PRESUMED_CA")
        assert answer["human"] is True

    @pytest.mark.parametrize(
        ("change", "key", "allowed"),
        [
            ({"colour": "red"}, "colour", "complainant_residence"),
            ({"subject": "company"}, "subject", "private, public_authority, private_6_1_c_e"),
            ({"issue": "cookies"}, "issue", "gdpr, eprivacy"),
            ({"role": "boss"}, "role", "controller, processor, joint_controller"),
            ({"public_level": "state"}, "public_level", "federal, land, region"),
            ({"lodged_with": "ie-dpd"}, "lodged_with", "did you mean ie-dpc?"),
            ({"also_lodged_with": ["dpc"]}, "also_lodged_with", "at-dsb, be-apd-gba"),
            ({"as_of": "6 June"}, "as_of", "2024-06-06"),
            ({"as_of": None}, "as_of", "day of assessment"),
            ({"targets_eea": "perhaps"}, "targets_eea", "true, false or unknown"),
            ({"affected": ["XX"]}, "affected", "ISO 3166"),
            ({"affected": ["DE-ZZ"]}, "affected", "DE-BY"),
            ({"art27_rep": "UK"}, "art27_rep", "GB"),
            (
                {"establishments": [{"place": "IE", "decides": "maybe"}]},
                "establishments.1.decides",
                "true, false or unknown",
            ),
            ({"establishments": [{"place": "IE", "size": 7}]}, "establishments.1.size", "main_processing"),
            ({"establishments": 7}, "establishments", "list"),
        ],
    )
    def test_with_a_wrong_value_is_refused_by_file_id_key_and_what_is_allowed(
        self, run: Run, file, change, key, allowed
    ):
        status, out, err = run("route", str(file(change)), "--json")
        assert (status, out) == (1, "")
        assert err.startswith(f"facts.json: X1: {key}: ") and allowed in err
        assert err.count("\n") == 1

    @pytest.mark.parametrize(
        ("text", "said"),
        [
            ("id: a\n", "must be a list"),
            ("- 7\n", "item 1: item: must be a record"),
            ("- facts: {as_of: 2024-06-06}\n", "item 1: id: is needed"),
            ("- id: a\n", "a: facts: are needed"),
            (
                "- id: a\n  facts: {as_of: 2024-06-06}\n- id: a\n  facts: {as_of: 2024-06-06}\n",
                "a: id: stands",
            ),
            ("- [", "is not YAML"),
            ("\x00", "NUL"),
        ],
    )
    def test_of_another_shape_is_refused(self, run: Run, tmp_path: Path, text, said):
        path = tmp_path / "facts.yaml"
        path.write_text(text)
        status, out, err = run("route", str(path))
        assert (status, out) == (1, "")
        assert err.startswith("facts.yaml: ") and said in err and "Traceback" not in err

    def test_that_does_not_exist_is_refused(self, run: Run):
        status, _, err = run("route", "nowhere.yaml")
        assert status == 1 and err.startswith("nowhere.yaml: ")

    def test_tells_several_faults_of_one_item(self, run: Run, file):
        wrong = {
            "role": "boss",
            "lodged_with": "dpc",
            "affected": "eea",
            "establishments": [{"place": "IE", "decides": 1}],
        }
        err = run("route", str(file(wrong, key="a\nb" + "x" * 99)))[2]
        lines = [it.split(": ")[1:3] for it in err.splitlines()]
        assert {key for key, _ in lines} == {"a\ufffdb" + "x" * 56 + "…"}
        assert [field for _, field in lines] == [
            "role",
            "establishments.1.decides",
            "affected",
            "lodged_with",
        ]

    def test_names_the_item_also_of_what_yaml_misreads(self, run: Run, tmp_path: Path):
        path = tmp_path / "facts.yaml"
        path.write_text(
            "- {id: a, facts: {as_of: 2024-06-06, affected: [NO], targets_eea: yes}}\n"
            "- {facts: {local_only: NO}}\n"
        )
        assert run("route", str(path))[2].splitlines() == [
            "facts.yaml: a: facts.affected, entry 1: NO without quotes is read as false by YAML: write 'NO'",
            "facts.yaml: a: facts.targets_eea: yes without quotes is read as true by YAML: write true",
            "facts.yaml: item 2: facts.local_only: NO without quotes is read as false by YAML: write 'NO'",
        ]

    def test_tells_all_its_faults_at_once(self, run: Run, tmp_path: Path):
        path = tmp_path / "facts.json"
        path.write_text(json.dumps([{"id": it, "facts": {"as_of": it}} for it in ("a", "b")]))
        assert [it.split(": ")[1] for it in run("route", str(path))[2].splitlines()] == ["a", "b"]
