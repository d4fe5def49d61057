#!/usr/bin/env bash
# From a bare Debian 12 machine to labelled cells counted in a study: installs packages, builds, makes the example
# study (a virtual mouse with known truth), tracks it and says where the report lies.
set -euo pipefail
cd "$(dirname "$0")/.."
out=${1:-build/demo}
bash scripts/install.sh
bash scripts/build.sh release
sojourn=build/release/bin/sojourn
echo "demo: making the example study in $out/example"
rm -rf "$out"
"$sojourn" example -o "$out/example"
echo "demo: tracking it"
"$sojourn" track "$out/example/study.toml" -o "$out/result"
echo
echo "Cells per region at the last time point:"
awk -F'\t' 'NR==1 || $2>90 {n = NR > 1; printf n ? "  %-26s %12.0f %12.0f %12.0f %12.0f\n" : "  %-26s %12s %12s %12s %12s\n", $3, $4, $5, $6, $7}' "$out/result/cells.tsv"
echo
echo "The report: $(pwd)/$out/result/report.html (open it in a browser)"
echo "The truth it can be held against: $(pwd)/$out/example/truth.tsv"
