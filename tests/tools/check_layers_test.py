#!/usr/bin/env python3
"""tools/check_layers.py must find each kind of violation in a small tree made for it, and nothing in a clean one."""
import contextlib
import importlib.util
import io
import pathlib
import sys
import tempfile
import unittest

SOURCE = pathlib.Path(__file__).resolve().parents[2] / "tools/check_layers.py"
CLEAN = {
    "src/sojourn/CMakeLists.txt": "sojourn_room(core LIBS TBB::tbb)\nsojourn_room(image USES core)\n"
                                  "sojourn_room(measure USES core image LIBS X)\n",
    "src/sojourn/core/error.h": "#pragma once\n#include <string>\n",
    "src/sojourn/image/volume.h": '#pragma once\n#include "sojourn/core/error.h"\n',
    "src/sojourn/measure/suv.cpp": '#include "sojourn/image/volume.h"\nint n = snprintf(text, 3, "x");\n',
    "tests/image/volume_test.cpp": "// short\n",
}


def load():
    spec = importlib.util.spec_from_file_location("check_layers", SOURCE)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def verdict(changes):
    """Exit status and text of the check on the clean tree with `changes` written over it."""
    with tempfile.TemporaryDirectory() as folder:
        for name, text in {**CLEAN, **changes}.items():
            path = pathlib.Path(folder, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        module = load()
        module.ROOT = pathlib.Path(folder).resolve()
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            status = module.main()
        return status, printed.getvalue()


class CheckLayers(unittest.TestCase):
    def refused(self, name, text, *words):
        status, said = verdict({name: text})
        self.assertEqual(status, 1, said)
        self.assertEqual(len(said.splitlines()), 1, said)  # this violation and no other
        for word in (name, *words):
            self.assertIn(word, said)

    def test_a_clean_tree_passes(self):
        status, said = verdict({})
        self.assertEqual(status, 0, said)

    def test_this_tree_passes(self):
        with contextlib.redirect_stdout(io.StringIO()) as printed:
            status = load().main()
        self.assertEqual(status, 0, printed.getvalue())

    def test_an_include_that_reaches_up(self):
        self.refused("src/sojourn/core/x.cpp", '#include "sojourn/image/volume.h"\n', ":1:", "only lower floors")

    def test_an_include_that_reaches_sideways(self):
        self.refused("src/sojourn/fate/x.cpp", '\n#include <sojourn/measure/suv.h>\n', ":2:", "only lower floors")

    def test_an_include_that_hides_its_room(self):
        self.refused("src/sojourn/core/x.cpp", '#include "../image/volume.h"\n', "hides its room")

    def test_an_include_of_a_room_without_a_floor(self):
        self.refused("src/sojourn/image/x.cpp", '#include "sojourn/attic/x.h"\n', "unknown room attic")

    def test_a_folder_without_a_floor(self):
        self.refused("src/sojourn/attic/x.cpp", "\n", "unknown room attic")

    def test_a_library_outside_its_room(self):
        for header in ("toml++/toml.hpp", "dcmtk/dcmdata/dctk.h", "Eigen/Dense", "udunits2.h", "tbb/parallel_for.h"):
            with self.subTest(header=header):
                self.refused("src/sojourn/measure/x.cpp", f"#include <{header}>\n", "belongs to")

    def test_a_link_that_reaches_up(self):
        status, said = verdict({"src/sojourn/CMakeLists.txt": "sojourn_room(image USES core measure LIBS X)\n"})
        self.assertEqual(status, 1)
        self.assertIn("image links measure", said)

    def test_headers(self):
        self.refused("src/sojourn/core/x.h", "int x();\n", "#pragma once")
        self.refused("src/sojourn/core/x.h", "#pragma once\nusing namespace std;\n", "using namespace")

    def test_a_library_that_prints_or_exits(self):
        for line in ("std::cout << 1;", "std::fprintf(stderr, \"x\");", "fmt::print(\"x\");", "std::exit(1);",
                     "std::abort();", "puts(\"x\");"):
            with self.subTest(line=line):
                self.refused("src/sojourn/core/x.cpp", line + "\n", "prints or exits")
        status, said = verdict({"src/sojourn/cli/main.cpp": "std::cout << 1;\n"})
        self.assertEqual(status, 0, said)

    def test_sizes(self):
        long = "\n" * 401
        for name in ("src/sojourn/core/x.cpp", "tests/core/x_test.cpp", "tests/core/x.h"):
            with self.subTest(name=name):
                self.refused(name, long, "400")
        self.assertEqual(verdict({"src/sojourn/core/x.cpp": "\n" * 400})[0], 0)


if __name__ == "__main__":
    sys.exit(unittest.main())
