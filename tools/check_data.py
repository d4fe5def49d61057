#!/usr/bin/env python3
"""Refuses a data set (data/TOPIC/DATASET/) without a SOURCE.md that states source, licence and the date read."""
import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent


def main():
    problems = []
    for topic in sorted(p for p in (ROOT / "data").iterdir() if p.is_dir()):
        for dataset in sorted(p for p in topic.iterdir()):
            if not dataset.is_dir():
                continue
            source = dataset / "SOURCE.md"
            text = source.read_text(encoding="utf-8").lower() if source.exists() else ""
            for word in ("source", "licence", "read"):
                if word not in text:
                    problems.append(f"{source.relative_to(ROOT)}: missing, or says nothing of '{word}'")
    print("\n".join(problems) if problems else "every data set states its source and licence")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
