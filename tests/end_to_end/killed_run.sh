#!/usr/bin/env bash
# A run killed at any moment leaves no half-written table; the next run completes with the same answer.
set -eu
sojourn=$1
tmp=$(mktemp -d); trap 'rm -rf "$tmp"' EXIT
"$sojourn" example -o "$tmp/ex" --quiet >/dev/null
"$sojourn" track "$tmp/ex/study.toml" -o "$tmp/whole" --quiet >/dev/null
for delay in 0.05 0.2 0.4 0.7 1.0 1.5 2.2; do
  rm -rf "$tmp/out"
  "$sojourn" track "$tmp/ex/study.toml" -o "$tmp/out" --quiet >/dev/null 2>&1 & pid=$!
  sleep "$delay"; kill -9 $pid 2>/dev/null || true; wait $pid 2>/dev/null || true
  for f in activity.tsv cells.tsv; do
    [ ! -e "$tmp/out/$f" ] || diff -q "$tmp/whole/$f" "$tmp/out/$f" >/dev/null || { echo "killed after $delay s: half a $f"; exit 1; }
  done
  "$sojourn" track "$tmp/ex/study.toml" -o "$tmp/out" --quiet >/dev/null
  for f in activity.tsv cells.tsv partial_volume.tsv; do diff "$tmp/whole/$f" "$tmp/out/$f"; done
  [ -z "$(find "$tmp/out" -name '.tmp-*')" ] || { echo "killed after $delay s: remains left"; exit 1; }
  [ -s "$tmp/out/report.html" ]
done
echo "killed at seven moments, completed each time"
