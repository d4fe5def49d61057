#!/usr/bin/env python3
"""data/dose/outer_shells_2026 must be what its script makes of the nuclide rows."""
import pathlib
import subprocess
import sys
import unittest

SCRIPT = pathlib.Path(__file__).resolve().parents[2] / "scripts/make_outer_shells.py"


class OuterShells(unittest.TestCase):
    def test_table_is_up_to_date(self):
        done = subprocess.run([sys.executable, str(SCRIPT), "--check"], capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)


if __name__ == "__main__":
    unittest.main()
