#!/usr/bin/env bash
# Writes what the program knows of itself: docs/user/commands.md from its help, docs/catalogue and the schema of its rows
# from the catalogue. With --check: fails where a page differs.
set -euo pipefail
cd "$(dirname "$0")/.."
sojourn=${SOJOURN:-build/release/bin/sojourn}
new=$(mktemp -d); trap 'rm -rf "$new"' EXIT
mkdir -p "$new/user" "$new/schema"
{
  echo "# Commands"
  echo
  echo "Written by \`scripts/update_docs.sh\` from the program's own help; do not edit by hand. Exit status: 0 done, 1 the work"
  echo "failed, 2 the request was wrong. Data go to standard output, progress and warnings to standard error."
  for command in "" track example plan "plan limit" fate kinetics calibrate trial trial "simulate" "simulate material" "simulate nema" subject \
    "subject list" "subject show" "subject voxelise" "subject image" reconstruct dose "dose cell" "dose sphere" "dose tia" "dose organ" \
    "dose s-value" "dose voxel" catalogue "catalogue list" "catalogue show" "catalogue search" "catalogue check" "catalogue pages" \
    "catalogue schema"; do
    echo
    echo "## sojourn${command:+ $command}"
    echo
    echo '```'
    # shellcheck disable=SC2086  # a command may be two words
    "$sojourn" $command --help
    echo '```'
  done
} >"$new/user/commands.md"
"$sojourn" catalogue pages -o "$new/catalogue"
"$sojourn" catalogue schema >"$new/schema/catalogue_row.schema.json"
python3 scripts/published_limits.py "$sojourn" "$new/published_limits.md"

pages=(user/commands.md schema/catalogue_row.schema.json published_limits.md catalogue)
if [ "${1:-}" = --check ]; then
  for page in "${pages[@]}"; do
    diff -r "docs/$page" "$new/$page" >/dev/null ||
      { echo "docs/$page is out of date; run scripts/update_docs.sh" >&2; exit 1; }
  done
  echo "manual: up to date"
else
  rm -rf docs/catalogue
  for page in "${pages[@]}"; do mkdir -p "$(dirname "docs/$page")"; cp -r "$new/$page" "docs/$page"; echo "wrote docs/$page"; done
fi
