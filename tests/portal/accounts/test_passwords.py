"""How passwords are kept. The tests' own portal hashes with less work, so a process of its own is asked."""

import subprocess
import sys
from pathlib import Path

from argon2 import extract_parameters
from argon2.profiles import RFC_9106_LOW_MEMORY

ROOT = Path(__file__).resolve().parents[3]


def test_a_portal_hashes_as_rfc_9106_recommends():
    ask = "from portal.accounts import passwords; print(passwords.hashed('x'), passwords._nobody())"
    answer = subprocess.run([sys.executable, "-c", ask], cwd=ROOT, capture_output=True, text=True, check=True)
    for kept in answer.stdout.split():
        assert extract_parameters(kept) == RFC_9106_LOW_MEMORY
