#!/usr/bin/env bash
# Runs a .test file: each line is a shell command that must succeed; $sojourn is the program, $tmp an empty folder.
set -u
file=$1; sojourn=$2; export sojourn
tmp=$(mktemp -d); export tmp; trap 'rm -rf "$tmp"' EXIT
n=0
while IFS= read -r line; do
  n=$((n + 1))
  case "$line" in ''|'#'*) continue ;; esac
  if ! out=$(bash -c "$line" 2>&1 </dev/null); then
    echo "$file:$n: failed: $line"; echo "$out"; exit 1
  fi
done <"$file"
echo "$file: passed"
