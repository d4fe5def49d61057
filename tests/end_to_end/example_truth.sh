#!/usr/bin/env bash
# The example against its truth: every figure that docs/validation.md promises, noise-free and over three seeds.
exec /usr/bin/python3 "$(dirname "$0")/../../scripts/validate_example.py" "$1" --seeds 3 --check
