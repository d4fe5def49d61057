#!/usr/bin/env bash
# Configures and builds a preset: scripts/build.sh [release|dev|asan|tsan|tidy|fuzz].
set -euo pipefail
cd "$(dirname "$0")/.."
preset=${1:-release}
echo "build: preset $preset"
cmake --preset "$preset" >"/tmp/sojourn-configure-$$.log" 2>&1 || { cat "/tmp/sojourn-configure-$$.log"; exit 1; }
rm -f "/tmp/sojourn-configure-$$.log"
cmake --build --preset "$preset"
