#!/usr/bin/env bash
# Writes docs/user/commands.md from the program's own help. With --check: fails where the page differs.
set -euo pipefail
cd "$(dirname "$0")/.."
sojourn=${SOJOURN:-build/release/bin/sojourn}
page=docs/user/commands.md
new=$(mktemp); trap 'rm -f "$new"' EXIT
{
  echo "# Commands"
  echo
  echo "Written by \`scripts/update_docs.sh\` from the program's own help; do not edit by hand. Exit status: 0 done, 1 the work"
  echo "failed, 2 the request was wrong. Data go to standard output, progress and warnings to standard error."
  for command in "" track example; do
    echo
    echo "## sojourn${command:+ $command}"
    echo
    echo '```'
    "$sojourn" $command --help
    echo '```'
  done
} >"$new"
if [ "${1:-}" = --check ]; then
  diff -u "$page" "$new" || { echo "$page is out of date; run scripts/update_docs.sh" >&2; exit 1; }
  echo "manual: up to date"
else
  mkdir -p docs/user; cp "$new" "$page"; echo "wrote $page"
fi
