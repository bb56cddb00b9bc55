"""The command's errors are one clear paragraph and a non-zero exit."""

import subprocess
import sys

import pytest


def fuping(*words, data):
    command = [sys.executable, "-c", "from fuping.dashboard.cli import main; main()", *words]
    environment = {"FUPING_DATA": str(data), "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"}
    return subprocess.run(command, capture_output=True, text=True, env=environment, cwd=data, check=False)


def test_packs_are_listed_with_what_to_do(tmp_path):
    listed = fuping("packs", data=tmp_path)
    assert listed.returncode == 0
    assert "cn  China 中国  not built (fuping build cn)" in listed.stdout


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("build", "xx"), "There is no pack 'xx'"),
        (("pack", "check", "."), "pack.toml: found no such file"),
        (("source", "add", "cn", "designations", "--file", "f"), "has no source 'designations' to supply"),
    ],
)
def test_an_error_is_one_paragraph(tmp_path, words, told):
    failed = fuping(*words, data=tmp_path)
    assert failed.returncode == 1
    assert told in failed.stderr
    assert "Traceback" not in failed.stderr


def test_every_command_has_help(tmp_path):
    listed = fuping("--help", data=tmp_path).stdout
    assert all(name in listed for name in ("packs", "build", "run", "pack", "source"))
