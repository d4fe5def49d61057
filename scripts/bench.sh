#!/usr/bin/env bash
# Measures the release build: a line per figure, tab-separated: name, value, unit, peer's value, ratio (ours over peer's).
# The peer runs in the same run, alternating. Usage: scripts/bench.sh [import|track|kernels|fate|transport|recon]
set -euo pipefail
cd "$(dirname "$0")/.."
which=${1:-all}
bash scripts/install.sh >&2
cmake --preset release -DSOJOURN_BENCH=ON >/dev/null
cmake --build --preset release >&2
bin=build/release/bin
shared=${SOJOURN_SHARED:-../shared}
tmp=$(mktemp -d); trap 'rm -rf "$tmp"' EXIT
printf 'name\tvalue\tunit\tpeer\tratio\n'

# Best of seven wall times in seconds, and the peak resident set in MiB of the last run.
once() { /usr/bin/time -f '%e %M' -o "$tmp/time" "$@" >/dev/null 2>&1; }
if [ "$which" = all ] || [ "$which" = import ]; then
  wb=$shared/data/petct_wb
  if [ -d "$wb" ]; then
    for series in PT_PET_AC CT_CT_IMAGES both; do
      case "$series" in
        PT_PET_AC) folders=("$wb/PT_PET_AC"); named=("$wb/PT_PET_AC") ;;
        CT_CT_IMAGES) folders=("$wb/CT_CT_IMAGES"); named=("CT=$wb/CT_CT_IMAGES") ;;
        both) folders=("$wb/PT_PET_AC" "$wb/CT_CT_IMAGES"); named=("$wb/PT_PET_AC" "CT=$wb/CT_CT_IMAGES") ;;
      esac
      ours=999 peer=999
      for _ in 1 2 3 4 5 6 7; do
        s=$(date +%s.%N); "$bin/bench_import" "${named[@]}" >"$tmp/bytes"; e=$(date +%s.%N)
        ours=$(python3 -c "print(min($ours, $e - $s))")
        rm -rf "$tmp/nii"; mkdir "$tmp/nii"
        s=$(date +%s.%N); for f in "${folders[@]}"; do dcm2niix -z n -o "$tmp/nii" "$f" >/dev/null; done; e=$(date +%s.%N)
        peer=$(python3 -c "print(min($peer, $e - $s))")
      done
      python3 -c "print('import_${series}_wall\t%.3f\ts\tdcm2niix %.3f\t%.2f' % ($ours, $peer, $ours / $peer))"
      once "$bin/bench_import" "${named[@]}"
      python3 -c "
kib = int(open('$tmp/time').read().split()[1]); volumes = int(open('$tmp/bytes').read())
print('import_${series}_peak\t%.1f\tMiB\tvolumes %.1f\t%.2f' % (kib / 1024, volumes / 2**20, kib * 1024 / volumes))"
    done
  else
    echo "skipped: no petct_wb in $shared" >&2
  fi
fi
if [ "$which" = all ] || [ "$which" = track ]; then
  once "$bin/sojourn" example -o "$tmp/ex"
  read -r wall kib <"$tmp/time"; printf 'example_wall\t%s\ts\tlimit 20\t-\n' "$wall"
  best=999
  for _ in 1 2 3; do
    rm -rf "$tmp/out"; once "$bin/sojourn" track "$tmp/ex/study.toml" -o "$tmp/out"
    read -r wall kib <"$tmp/time"; best=$(python3 -c "print(min($best, $wall))")
  done
  printf 'track_example_wall\t%s\ts\tlimit 15\t-\n' "$best"
  python3 -c "print('track_example_peak\t%.0f\tMiB\tlimit 1024\t-' % ($kib / 1024))"
  once "$bin/sojourn" track "$tmp/ex/study.toml" -o "$tmp/out"
  read -r wall kib <"$tmp/time"; printf 'track_again_wall\t%s\ts\t-\t-\n' "$wall"
fi
for program in kernels fate; do
  if [ "$which" != all ] && [ "$which" != $program ]; then continue; fi
  "$bin/bench_$program" --benchmark_format=csv 2>/dev/null | python3 -c "
import csv, sys
lines = [l for l in sys.stdin if l.startswith(('name,', '\"'))]
for r in csv.DictReader(lines): print(r['name'], r['real_time'], r['time_unit'], '-', '-', sep='\t')"
done
if [ "$which" = all ] || [ "$which" = transport ]; then
  "$bin/bench_transport"
fi
if [ "$which" = all ] || [ "$which" = recon ]; then
  # The peer is libparallelproj where $SOJOURN_PARALLELPROJ names its library; rates, so a ratio over 1 is faster.
  "$bin/bench_recon" "${SOJOURN_BENCH_LINES:-2e6}"
fi
