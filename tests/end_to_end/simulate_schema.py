#!/usr/bin/env python3
"""What `sojourn simulate` prints, and the header and blocks of its list mode, against their schemas and the
documented bytes, read here on their own. Usage: simulate_schema.py SOJOURN"""
import json
import pathlib
import struct
import subprocess
import sys
import tempfile
import zlib

import jsonschema

ROOT = pathlib.Path(__file__).resolve().parents[2]


def schema(name):
    return json.loads((ROOT / f"docs/schema/{name}.schema.json").read_text())


def run(*arguments):
    done = subprocess.run([sys.argv[1], "simulate", *arguments, "--json"], check=True, capture_output=True)
    return json.loads(done.stdout)


def read_list_mode(path):
    """Header and prompts of a file, by docs/theory/list_mode.md alone."""
    data = path.read_bytes()
    line, rest = data.split(b"\n", 1)
    size = int(line.split()[2])
    header, at = json.loads(rest[:size]), size
    prompts = 0
    while rest[at:at + 4] == b"SJB1":
        crc, _, count = struct.unpack_from("<III", rest, at + 4)
        body = rest[at + 8:at + 16 + 16 * count]
        assert zlib.crc32(body) == crc
        for event in struct.iter_unpack("<IIIhBB", body[8:]):
            prompts += not event[0] >> 24 & 32
        at += 16 + 16 * count
    assert rest[at:at + 4] == b"SJT1" and rest[-4:] == b"SJE1"
    return header, prompts


def main():
    for name in ("water", "LSO", "lead"):
        jsonschema.validate(run("material", name, "--energy", "1.2 MeV"), schema("material"))
    nema = ["nema", "--scanner", "inveon", "-q", "--decays", "2e5"]
    with tempfile.TemporaryDirectory() as folder:
        file = pathlib.Path(folder) / "iq.sjlm"
        for test in ("sensitivity", "scatter-fraction", "count-rate"):
            jsonschema.validate(run(*nema, "--test", test), schema("nema"))
        quality = run(*nema, "--test", "image-quality", "--fill", "1 MBq", "--time", "0.3 s", "-o", str(file))
        jsonschema.validate(quality, schema("nema"))
        header, prompts = read_list_mode(file)
        jsonschema.validate(header, schema("listmode"))
        assert prompts == quality["prompts"], (prompts, quality)
        whole = file.read_bytes()
        file.write_bytes(whole[:len(whole) // 2])  # a stopped run
        run(*nema, "--test", "image-quality", "--fill", "1 MBq", "--time", "0.3 s", "-o", str(file))
        assert file.read_bytes() == whole
    print("simulate fits its schemas")


main()
