#!/usr/bin/env python3
"""Refuses an #include that reaches up or sideways, a third-party header outside the room that owns it,
and files or includes that break the house rules. Usage: tools/check_layers.py (from anywhere)."""
import pathlib
import re
import sys

FLOORS = {
    0: ["core"],
    1: ["units", "numerics"],
    2: ["nuclide", "material", "image"],
    3: ["catalogue", "subject", "transport", "records"],
    4: ["io", "projector"],
    5: ["align", "region", "measure", "fate", "dose", "simulate", "recon"],
    6: ["study", "plan", "report"],
    7: ["trial"],
    8: ["cli"],
}
FLOOR_OF = {room: floor for floor, rooms in FLOORS.items() for room in rooms}

# Third-party headers -> the rooms that may include them. fmt is everybody's.
OWNERS = {
    r"toml\+\+|nlohmann|tbb/|openssl/": {"core"},
    r"udunits": {"units"},
    r"Eigen|unsupported/Eigen|boost/|fftw3|ceres/|glog/|sundials|cvode|nvector|sunlinsol|sunmatrix": {"numerics"},
    r"xraylib": {"material"},
    r"hwy/": {"projector"},
    r"dcmtk/|gdcm|nifti|znzlib|zlib|itk": {"io", "align"},
    r"png\.h": {"report"},
    r"CLI/|spdlog": {"cli"},
}
PRINTS_OR_EXITS = re.compile(r"std::(cout|cerr|clog)\b|\bf?printf\(|\bf?puts\(|fmt::print\("
                             r"|\b(quick_|_)?exit\(|std::(abort|terminate)\(")
MAX_LINES = 400
ROOT = pathlib.Path(__file__).resolve().parent.parent


def check_file(path, room):
    problems = []
    text = path.read_text(encoding="utf-8")
    lines = text.splitlines()
    where = path.relative_to(ROOT)
    if room not in FLOOR_OF:
        return [f"{where}: unknown room {room}; give it a floor in tools/check_layers.py"]
    if len(lines) > MAX_LINES:
        problems.append(f"{where}: {len(lines)} lines, over {MAX_LINES}; split it")
    for number, line in enumerate(lines, 1):
        found = re.match(r'\s*#\s*include\s+["<]([^">]+)[">]', line)
        if not found:
            continue
        header = found.group(1)
        if ".." in header.split("/"):
            problems.append(f"{where}:{number}: {header} hides its room; write sojourn/ROOM/FILE.h")
            continue
        inner = re.match(r"sojourn/(\w+)/", header)
        if inner:
            used = inner.group(1)
            if used not in FLOOR_OF:
                problems.append(f"{where}:{number}: unknown room {used}")
            elif used != room and FLOOR_OF[used] >= FLOOR_OF[room]:
                problems.append(f"{where}:{number}: {room} (floor {FLOOR_OF[room]}) includes {used} "
                                f"(floor {FLOOR_OF[used]}); only lower floors may be used")
            continue
        for pattern, rooms in OWNERS.items():
            if re.match(pattern, header) and room not in rooms:
                problems.append(f"{where}:{number}: <{header}> belongs to {', '.join(sorted(rooms))}, not to {room}")
    if path.suffix == ".h":
        if "#pragma once" not in text:
            problems.append(f"{where}: no #pragma once")
        if re.search(r"^\s*using namespace", text, re.M):
            problems.append(f"{where}: using namespace in a header")
    if room != "cli" and PRINTS_OR_EXITS.search(text):
        problems.append(f"{where}: a library prints or exits; only cli may")
    return problems


def check_links():
    """The CMake links must follow the same floors."""
    problems = []
    cmake = (ROOT / "src/sojourn/CMakeLists.txt").read_text()
    for match in re.finditer(r"sojourn_room\((\w+)([^)]*)\)", cmake):
        room, rest = match.group(1), match.group(2)
        if room not in FLOOR_OF:
            problems.append(f"src/sojourn/CMakeLists.txt: unknown room {room}")
            continue
        uses = re.search(r"USES\s+([\w\s]*?)(?:LIBS|INCLUDES|$)", rest, re.S)
        for used in (uses.group(1).split() if uses else []):
            if FLOOR_OF.get(used, 99) >= FLOOR_OF[room]:
                problems.append(f"src/sojourn/CMakeLists.txt: {room} links {used}, which is not below it")
    return problems


def main():
    problems = check_links()
    for path in sorted((ROOT / "src/sojourn").rglob("*")):
        if path.suffix in (".h", ".cpp"):
            problems += check_file(path, path.relative_to(ROOT / "src/sojourn").parts[0])
    for folder in ("tests", "bench"):
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix not in (".h", ".cpp"):
                continue
            if len(path.read_text(encoding="utf-8").splitlines()) > MAX_LINES:
                problems.append(f"{path.relative_to(ROOT)}: over {MAX_LINES} lines; split it")
    print("\n".join(problems) if problems else "floors, owners and sizes are in order")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
