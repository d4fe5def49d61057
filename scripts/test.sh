#!/usr/bin/env bash
# Installs packages, checks the house rules, builds with warnings as errors, runs every test and a short fuzzing of every
# reader. SOJOURN_SHARED names the folder of real images (default ../shared); tests without their data are skipped by name.
set -euo pipefail
cd "$(dirname "$0")/.."
bash scripts/install.sh
echo "test: house rules"
python3 tools/check_layers.py
python3 tools/check_data.py
find src tests bench \( -name '*.h' -o -name '*.cpp' \) -print0 | xargs -0 clang-format --dry-run --Werror
echo "test: formatted"
bash scripts/build.sh release
bash scripts/build.sh fuzz
bash scripts/update_docs.sh --check
status=0
echo "test: short fuzzing of the readers"
ctest --preset fuzz || status=1
echo "test: all tests"
ctest --preset release || status=1
exit $status
