#!/usr/bin/env bash
# Run the fast tests on every other supported interpreter that this machine has; name those it does not have.
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

for version in 3.11 3.12 3.13; do
  if [ "$version" = "$own" ]; then continue; fi
  if ! python=$(find_python "$version"); then
    echo "skipped Python $version: no python$version with venv on PATH or under pyenv"
    continue
  fi
  venv=.venv-$version
  stamp=$venv/.stamp
  if [ ! -e "$stamp" ] || [ pyproject.toml -nt "$stamp" ] || [ constraints.txt -nt "$stamp" ]; then
    rm -rf "$venv"
    "$python" -m venv "$venv"
    "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[test,app]'
    touch "$stamp"
  fi
  echo "Python $version: $python"
  "$venv/bin/python" -m pytest -q -m "not slow"
done
