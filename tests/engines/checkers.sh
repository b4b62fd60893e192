#!/usr/bin/env bash
# What `sim plan-shards` writes, put to each engine's own checker: Kubernetes' schemas, the AWS
# client's own description of Batch, GNU parallel itself. Slurm has a script of its own (slurm.sh).
#
#   tests/engines/checkers.sh PROGRAM
#
# Needs Python with venv, the registry PyPI, and Debian's package parallel, which it installs if it
# is missing. It exits with 77 if one of them cannot be had here.
set -euo pipefail
sim="$(realpath "$1")"
cd "$(dirname "$0")/../.."
source tests/engines/needs.sh
needs parallel parallel

work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
said="$(python3 -m venv "$work/venv" 2>&1)" || cannot "no venv for Python: $(tail -1 <<<"$said")"
said="$("$work/venv/bin/pip" install --quiet --disable-pip-version-check \
    kubernetes-validate==1.37.0 botocore==1.44.8 2>&1)" ||
    cannot "the checkers cannot be installed: $(tail -1 <<<"$said")"

mkdir "$work/bin"
ln -s "$sim" "$work/bin/sim"
export PATH="$work/bin:$PATH"
cp -r scenarios "$work/scenarios"
# Names that a shell, YAML or a label could trip over.
cp scenarios/quiet-day.yaml "$work/scenarios/Ready? It's 5 o'clock.yaml"
cd "$work"

wrong() {
    echo "checkers: $*" >&2
    exit 1
}
# plan FOLDER ENGINE OPTIONS…: all shards of both scenarios, and one and four that are missing.
odd="scenarios/Ready? It's 5 o'clock.yaml"
plan() {
    local folder="$1" engine="$2" campaign=(--trials 64 --of 16 --set lasts=20m --quiet)
    shift 2
    campaign+=(--engine "$engine" "$@")
    sim plan-shards scenarios/quiet-day.yaml "${campaign[@]}" --out "$folder/all"
    sim plan-shards "$odd" "${campaign[@]}" --out "$folder/odd"
    sim plan-shards "$odd" "${campaign[@]}" --only 3 --out "$folder/one"
    sim plan-shards "$odd" "${campaign[@]}" --only 3,7-9 --out "$folder/four"
}

# Kubernetes: strictly, by the schemas of the oldest version that has backoffLimitPerIndex by
# default and of the newest that the checker knows.
plan kubernetes kubernetes --image registry.example.com/sim:0.1 --volume rehearsal
for version in 1.29 1.37; do
    for file in kubernetes/*/*.yaml; do
        said="$(venv/bin/kubernetes-validate --strict --no-warn -k "$version" "$file" 2>&1)" ||
            wrong "Kubernetes $version refuses $file: $said"
    done
done
# That the checker can fail is part of the proof.
sed 's/completionMode/completionMood/' kubernetes/all/quiet-day-job.yaml >wrong.yaml
! venv/bin/kubernetes-validate --strict --quiet wrong.yaml >/dev/null 2>&1 ||
    wrong "the checker of Kubernetes takes anything"
echo "kubernetes: $(ls kubernetes/*/*.yaml | wc -l) files, valid strictly in 1.29 and 1.37"

# AWS Batch: the client checks what it is given before it sends anything.
plan batch aws-batch --volume fs-0123456789abcdef0 --queue spot \
    --image 123456789012.dkr.ecr.us-east-1.amazonaws.com/sim:0.1
venv/bin/python - batch/*/*.json <<'END'
import json, re, sys
import botocore.session
from botocore.validate import ParamValidator

batch = botocore.session.get_session().get_service_model("batch")
operations = {"definition": "RegisterJobDefinition", "submission": "SubmitJob"}
def problems(operation, parameters):
    report = ParamValidator().validate(parameters, batch.operation_model(operation).input_shape)
    return report.generate_report()
named, asked = set(), set()
for path in sys.argv[1:]:
    kind = re.search(r"-(definition|submission)\.json$", path).group(1)
    parameters = json.load(open(path))
    found = problems(operations[kind], parameters)
    assert not found, f"AWS refuses {path}: {found}"
    # What the client leaves to the service (the reference of the operations).
    name = parameters["jobDefinitionName" if kind == "definition" else "jobName"]
    assert re.fullmatch(r"[A-Za-z0-9_-]{1,128}", name), (path, name)
    if kind == "definition":
        named.add(name)
        assert len(parameters["retryStrategy"]["evaluateOnExit"]) <= 5, path
        assert 1 <= parameters["retryStrategy"]["attempts"] <= 10, path
        for rule in parameters["retryStrategy"]["evaluateOnExit"]:
            for pattern in rule.values():
                assert re.fullmatch(r"[A-Za-z0-9 .:*-]{1,512}", pattern), (path, rule)
        for tag in parameters["tags"].values():
            assert re.fullmatch(r"[\w\s.:/=+@-]{0,256}", tag), (path, tag)
    else:
        asked.add(parameters["jobDefinition"])
        size = parameters.get("arrayProperties", {"size": 2})["size"]
        assert 2 <= size <= 10_000, (path, size)
assert asked == named, (asked, named)
assert problems("SubmitJob", {"jobName": 7}), "the checker of AWS takes anything"
print(f"aws-batch: {len(sys.argv) - 1} files, valid for botocore {botocore.__version__}")
END

# GNU parallel: run, with one shard gone, against one run of all trials.
campaign=(--trials 24 --set lasts=20m)
sim plan-shards "$odd" --engine parallel --of 6 --memory 64MiB "${campaign[@]}" \
    --out parallel --quiet
script="parallel/Ready? It's 5 o'clock.sh"
lines="$(bash "$script" --dry-run | wc -l)"
[ "$lines" = 6 ] || wrong "parallel would run $lines of 6 shards"
bash "$script" 2>said || wrong "parallel failed: $(tail -3 said)"
shards=(shards/*-shard-*-of-6.jsonl)
sim merge "${shards[@]}" --out merged --quiet
# So few runs cannot say whether what is expected holds: 3.
sim run "$odd" "${campaign[@]}" --out whole --quiet || [ $? -eq 3 ]
for table in trials.csv campaign.csv trials.jsonl; do cmp "merged/$table" "whole/$table"; done
rm "${shards[2]}" "${shards[4]}"
missing="$(sim merge shards/*-of-6.jsonl --out again 2>&1 || true)"
list="$(sed -n 's/.*--only \([0-9,-]*\).*/\1/p' <<<"$missing")"
[ "$list" = 3,5 ] || wrong "sim merge names $list instead of 3,5: $missing"
sim plan-shards "$odd" --engine parallel --of 6 --memory 64MiB "${campaign[@]}" \
    --only "$list" --out rerun --quiet
bash "rerun/Ready? It's 5 o'clock.sh" 2>said || wrong "parallel failed: $(tail -3 said)"
sim merge shards/*-of-6.jsonl --out again --quiet
cmp again/campaign.csv whole/campaign.csv
echo "parallel $(parallel --version | sed -n '1s/.* //p'): 6 shards, two played again: the bytes" \
    "of one run"
