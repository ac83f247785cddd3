#!/usr/bin/env bash
# Run the fast tests that another interpreter can change, and every test that holds the bits of whole runs, on every other supported
# interpreter that this machine has (tests/interpreters.py says which and why); name those it does not have.
set -euo pipefail
cd "$(dirname "$0")/.."

own=$(.venv/bin/python -c 'import sys; print("%d.%d" % sys.version_info[:2])')

usable() { "$1" -c "import ensurepip, sys, venv; sys.exit(sys.version_info[:2] != tuple(map(int, '$2'.split('.'))))" >/dev/null 2>&1; }

find_python() {
  local candidate
  for candidate in "python$1" "${PYENV_ROOT:-$HOME/.pyenv}"/versions/"$1".*/bin/python3; do
    # A pyenv shim answers to the name even where that version is not the chosen one, so each is tried, not only found.
    if usable "$candidate" "$1"; then echo "$candidate"; return 0; fi
  done
  return 1
}

# What an environment depends on: the versions, and the part of pyproject.toml that names what is needed (not lint, not the tests).
needs() { sed -n '1,/^\[tool\./p' pyproject.toml | cat - constraints.txt | cksum; }

check() {
  local version=$1 python=$2 venv=.venv-$1
  local stamp=$venv/.stamp
  if [ "$(cat "$stamp" 2>/dev/null)" != "$(needs)" ]; then
    rm -rf "$venv"
    "$python" -m venv "$venv"
    # Wheels come from pip's cache, which outlives the environment; what is never imported is never compiled.
    "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-compile --constraint constraints.txt --editable '.[test,app]'
    needs >"$stamp"
  fi
  # Compiled Python is kept, even where the shell says otherwise: the tests start hundreds of processes.
  export PYTHONDONTWRITEBYTECODE='' PYTHONPYCACHEPREFIX="$PWD/$venv/compiled"
  # shellcheck disable=SC2046  # a word a file
  "$venv/bin/python" -m pytest -q -m "not slow" -p no:cacheprovider $("$venv/bin/python" tests/interpreters.py)
  # shellcheck disable=SC2046
  "$venv/bin/python" -m pytest -q -m slow -p no:cacheprovider $("$venv/bin/python" tests/interpreters.py bits)
}

# Side by side: each is one process, and two cores are what the smallest machine has.
logs=$(mktemp -d)
trap 'rm -rf "$logs"' EXIT
running=()
for version in 3.11 3.12 3.13; do
  if [ "$version" = "$own" ]; then continue; fi
  if ! python=$(find_python "$version"); then
    echo "skipped Python $version: no python$version with venv on PATH or under pyenv"
    continue
  fi
  echo "Python $version: $python"
  (set -euo pipefail; check "$version" "$python") >"$logs/$version" 2>&1 &
  running+=("$version:$!")
done

failed=0
for one in "${running[@]}"; do
  outcome=0
  wait "${one#*:}" || outcome=$?
  echo "Python ${one%%:*}: exit code $outcome"
  cat "$logs/${one%%:*}"
  if [ "$outcome" -ne 0 ]; then failed=1; fi
done
exit "$failed"
