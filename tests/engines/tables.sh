#!/usr/bin/env bash
# The tables of every command in pandas: each column is of the type that the dictionary says.
#
#   tests/engines/tables.sh PROGRAM
#
# Needs Python with venv and the registry PyPI. It exits with 77 if one of them cannot be had here.
set -euo pipefail
sim="$(realpath "$1")"
cd "$(dirname "$0")/../.."
source tests/engines/needs.sh
needs python3 python3 python3-venv

work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
said="$(python3 -m venv "$work/venv" 2>&1)" || cannot "no venv for Python: $(tail -1 <<<"$said")"
said="$("$work/venv/bin/pip" install --quiet --disable-pip-version-check 'pandas>=2.2,<4' 2>&1)" ||
    cannot "pandas cannot be installed: $(tail -1 <<<"$said")"

cp -r scenarios "$work/scenarios"
cp -r tests/data "$work/data"
cp tests/engines/tables.py "$work/tables.py"
# Names that trip up whoever reads tables.
sed 's/\bie11\b/"IE 11, 0.5 % (=1+1)"/' tests/data/example.yaml >"$work/odd.yaml"
cd "$work"

# Few runs cannot say whether what is expected holds: 3, or 99 if it is clear that it does not.
play() {
    local code=0
    "$sim" "$@" --quiet >said 2>&1 || code=$?
    case "$code" in
    0 | 3 | 99) ;;
    *)
        cat said >&2
        exit 1
        ;;
    esac
}
"$sim" new minimal -o day.yaml >/dev/null
play run day.yaml --trials 20 --out tables/run
play run scenarios/history/github-2018.yaml --trials 20 --out tables/past
play run scenarios/launch-day.yaml --trials 1 --set lasts=2h --out tables/launch
play run odd.yaml --trials 2 --out tables/odd
play hinges day.yaml --trials 8 --out tables/hinges
play when scenarios/launch-day.yaml --step switch --trials 2 --to 14:00 --out tables/when
play compare day.yaml --trials 8 --out tables/compare --vs --set telemetry.every=20s
play capacity day.yaml --set lasts=5m --out tables/capacity
play tune data/tune.yaml --days 20 --trials 5 --out tables/tune
play run day.yaml --record readings.jsonl --out tables/one
play judge day.yaml --readings readings.jsonl --out tables/judge
for shard in 1 2; do
    play run day.yaml --trials 4 --shard "$shard/2" --out shards
done
play merge shards/*.jsonl --out tables/merged
# What people wrote down by hand beside it.
printf 'at,actor,action,note\n10:33,,alert,Errors\n10:40,,recovered,\n' >sheet.csv
play run day.yaml --trials 1 --out tables/observed
play report tables/observed --observed sheet.csv
# A room: what was guessed before it, and what was kept of what the floor asked.
cat >room.txt <<'LINES'
0    guess wyatt back 25m longest diagnose missing "a number"
1m   what if plays.rollback.ask.within=5m
+0s  keep, owner chris, due Nov 9
LINES
play run scenarios/proxy-outage.yaml --script room.txt --seats wyatt,chris --what-if-runs 4 \
    --out tables/room
"$sim" report --dictionary >dictionary.txt
venv/bin/python tables.py dictionary.txt tables
# That it can fail is part of the proof.
sed -i '2s/^\([^,]*,[^,]*,[^,]*\),[0-9]*/\1,first/' tables/run/responses.csv
! venv/bin/python tables.py dictionary.txt tables >/dev/null ||
    { echo "tables: a word in a column of numbers was taken" >&2 && exit 1; }
