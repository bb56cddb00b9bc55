"""A PostgreSQL server for the tests: Debian's, reached by a socket only, gone with its folder at the end."""

import os
import shutil
import subprocess
import tempfile
from contextlib import contextmanager
from pathlib import Path

ACCOUNT = "postgres"
"""Debian's account for the server, which refuses to run as root."""

QUICK = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c shared_buffers=128MB"


def program(name):
    """Return the path of one of the server's programs, which Debian does not put among the commands."""
    places = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: int(path.parts[4]))
    found = shutil.which(name) or (places and str(places[-1]))
    assert found, f"PostgreSQL's {name} is not installed: run make services"
    return found


def run(*words):
    user = ["runuser", "-u", ACCOUNT, "--"] if os.geteuid() == 0 else []
    subprocess.run([*user, *words], check=True, stdout=subprocess.DEVNULL, cwd="/")


@contextmanager
def server():
    """Start a server; give the folder of its socket, in which its user ``fuping`` needs no password."""
    with tempfile.TemporaryDirectory(prefix="fuping-postgres-", ignore_cleanup_errors=True) as home:
        if os.geteuid() == 0:
            shutil.chown(home, ACCOUNT)
        data = f"{home}/data"
        run(
            program("initdb"), "-D", data, "-U", "fuping", "--auth=trust", "--no-sync", "-E", "UTF8", "--locale=C.UTF-8"
        )
        options = f"-k {home} -c listen_addresses='' {QUICK}"
        run(program("pg_ctl"), "-D", data, "-l", f"{home}/log", "-o", options, "-w", "start")
        try:
            yield home
        finally:
            run(program("pg_ctl"), "-D", data, "-m", "immediate", "-w", "stop")


def address(socket, database, user="fuping"):
    """Return the address of a database as a user writes it."""
    return f"postgresql://{user}@/{database}?host={socket}"
