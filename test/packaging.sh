#!/usr/bin/env bash
# The published form: packed, installed by itself, and used by somebody who may write nothing but a folder of their own — the
# program's folder is read-only, its path has spaces and letters beyond ASCII, the user has no name, no home and no configuration.
# Run from a checkout after `npm ci`; as root it changes to another user for the last part, otherwise it says that it did not.
set -euo pipefail
cd "$(dirname "$0")/.."
work=$(mktemp -d)
chmod 755 "$work"
sandbox=
trap 'kill $sandbox 2>/dev/null || true; chmod -R u+w "$work"; rm -rf "$work"' EXIT

fail() { printf 'packaging: %s\n' "$*" >&2; exit 1; }

# SQLite's native part as npm ci built or fetched it here: building it again would take minutes and try nothing of ours.
sqlite=node_modules/better-sqlite3
native=$sqlite/build/Release/better_sqlite3.node
[ -f "$native" ] || fail "run npm ci first: $native is missing"
name=$(node -p "'better-sqlite3-v' + require('./$sqlite/package.json').version + '-node-v' + process.versions.modules + '-' + process.platform + '-' + process.arch + '.tar.gz'")
mkdir "$work/prebuilds"
tar -czf "$work/prebuilds/$name" -C "$sqlite" build/Release/better_sqlite3.node

npm pack --silent --pack-destination "$work" >/dev/null
tarball=$(ls "$work"/auxo-sync-*.tgz)
tar -tzf "$tarball" | grep -qE '\.test\.|^package/(src|test|bench)/' && fail "tests or sources are in the tarball"

prefix="$work/a program’s folder, größer"
npm_config_better_sqlite3_local_prebuilds="$work/prebuilds" \
  npm install --global --silent --no-audit --no-fund --prefix "$prefix" --allow-scripts=better-sqlite3 "$tarball"
chmod -R a-w "$prefix"
program="$prefix/bin/auxo-sync"

books="$work/the books of März"
mkdir "$books"
cp fixtures/demo/sales-invoices.csv "$books/rechnungen für März.csv"

# A user without a name: nobody has this number. Nothing of this shell's environment comes along.
stranger=()
if [ "$(id -u)" = 0 ]; then
  stranger=(setpriv --reuid=54321 --regid=54321 --clear-groups)
  chown -R 54321:54321 "$books"
else
  echo "packaging: not root, so that no other user is tried"
fi
as_stranger() { (cd "$books" && env -i PATH="$PATH" LANG=C NO_COLOR=1 "$@" "${stranger[@]}" "$program" "${argv[@]}"); }
run() { argv=("$@"); as_stranger "${variables[@]}"; }
variables=(TMPDIR="$books")

run --version | grep -qE '^[0-9]+\.' || fail "--version"
(argv=(demo --quiet); cd / && env -i PATH="$PATH" TMPDIR="$books" "${stranger[@]}" "$program" demo >"$work/demo.txt") || fail "the demo ended with $?: $(tail -n 5 "$work/demo.txt")"
[ -z "$(ls -A "$books" | grep -v März)" ] || fail "the demo left something behind: $(ls "$books")"

(argv=(sandbox --port 0 --quiet); exec env -i PATH="$PATH" "${stranger[@]}" "$program" sandbox --port 0 --quiet) >"$work/sandbox.env" &
sandbox=$!
for _ in $(seq 100); do grep -q XERO_CLIENT_SECRET "$work/sandbox.env" && break; sleep 0.1; done
while IFS= read -r line; do variables+=("$line"); done < <(grep '=' "$work/sandbox.env")

if [ "$(id -u)" = 0 ]; then
  # No home, and none named: it says so, and how to name a folder.
  run init --entity NZ01 --name "Größe & Söhne" --region NZ >/dev/null
  code=0; said=$(run connect --custom 2>&1) || code=$?
  [ $code = 3 ] || fail "without a home folder it ended with $code: $said"
  grep -q AUXO_CONFIG_DIR <<<"$said" || fail "without a home folder it said: $said"
  rm "$books/ledger.db"
fi

variables+=(AUXO_CONFIG_DIR="$books/what is remembered")
run init --entity NZ01 --name "Größe & Söhne" --region NZ >/dev/null
run import "rechnungen für März.csv" >/dev/null
run connect --custom >/dev/null
# From a folder in which nothing may be written.
there=$books; books=$prefix
variables+=(AUXO_LEDGER="$there/ledger.db")
run export --quiet || fail "export ended with $?"
run export --json >"$work/second.json" || fail "the second export ended with $?"
node -e "
  const { runs: [run] } = JSON.parse(require('node:fs').readFileSync('$work/second.json', 'utf8'))
  if (run.state !== 'nothing') throw new Error('the second export was not quiet: ' + run.state)
" || fail "the second export"
books=$there

# Whatever mask the user has, what is remembered is theirs alone.
loose=$(find "$books/what is remembered" -perm /077 -print -quit)
[ -z "$loose" ] || fail "others may read $loose"
echo "packaging: all is well"
