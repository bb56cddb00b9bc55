"""Passwords hashed at once: argon2 is slow on purpose, and a test asks often."""

import pytest
from argon2 import PasswordHasher
from fuping.layers.office import passwords

CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


@pytest.fixture(autouse=True)
def cheap_hasher(monkeypatch):
    monkeypatch.setattr(passwords, "HASHER", CHEAP)
    return CHEAP
