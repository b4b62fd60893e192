#!/usr/bin/env bash
# An array of shards on a real Slurm: one node, two processors, munge for who may ask. One task is
# requeued while it runs. What the shards make is compared with one run of all trials.
#
#   tests/engines/slurm.sh target/debug/sim
#
# Needs root, and Debian's packages slurm-wlm and munge, which it installs if they are missing. It
# exits with 77 if they cannot be installed, or their daemons not started; a wrong result is 1.
set -euo pipefail
sim="$(realpath "$1")"
cd "$(dirname "$0")/../.."

source tests/engines/needs.sh
needs munged munge
needs slurmctld slurm-wlm
needs slurmd slurm-wlm
[ "$(id -u)" = 0 ] || cannot "the daemons of Slurm want to be started by root"

work="$(mktemp -d /tmp/slurm.XXXXXX)"
chmod 755 "$work"
host="$(hostname -s)"
daemons=()
stop() {
    for daemon in "${daemons[@]}"; do kill "$daemon" 2>/dev/null || true; done
    wait 2>/dev/null || true
    rm -rf "$work"
}
trap stop EXIT

# Munge of its own, so that none that the machine may have is touched.
mkdir -m 0700 "$work/munge"
dd if=/dev/urandom of="$work/munge/key" bs=1 count=1024 status=none
chmod 400 "$work/munge/key"
chown -R munge:munge "$work/munge"
mkdir -p /run/munge && chown munge:munge /run/munge
setpriv --reuid=munge --regid=munge --clear-groups munged --foreground --force \
    --key-file="$work/munge/key" --socket=/run/munge/munge.socket.2 \
    --pid-file="$work/munge/pid" --seed-file="$work/munge/seed" \
    --log-file="$work/munge/log" --num-threads=2 >"$work/munged.log" 2>&1 &
daemons+=($!)

mkdir "$work/state" "$work/spool"
cat >"$work/slurm.conf" <<END
ClusterName=rehearsal
SlurmctldHost=$host(127.0.0.1)
SlurmctldPort=16817
SlurmdPort=16818
AuthType=auth/munge
CredType=cred/munge
AuthInfo=socket=/run/munge/munge.socket.2
SlurmUser=root
SlurmdUser=root
StateSaveLocation=$work/state
SlurmdSpoolDir=$work/spool
SlurmctldPidFile=$work/slurmctld.pid
SlurmdPidFile=$work/slurmd.pid
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
JobAcctGatherType=jobacct_gather/none
MpiDefault=none
ReturnToService=2
JobRequeue=1
KillWait=5
SchedulerParameters=sched_interval=1,batch_sched_delay=0,requeue_delay=1
NodeName=$host NodeAddr=127.0.0.1 CPUs=2 RealMemory=2048 State=UNKNOWN
PartitionName=all Nodes=$host Default=YES MaxTime=INFINITE State=UP
END
export SLURM_CONF="$work/slurm.conf"
slurmctld -D -i >"$work/slurmctld.log" 2>&1 &
daemons+=($!)
slurmd -D -N "$host" >"$work/slurmd.log" 2>&1 &
daemons+=($!)

logs() {
    for log in "$work"/*.log "$work"/results/*.out "$work/munge/log"; do
        if [ -s "$log" ]; then
            echo "--- $log"
            tail -20 "$log"
        fi
    done >&2
}
patiently() { # patiently SECONDS WHAT COMMAND…
    local until=$((SECONDS + $1)) what="$2"
    shift 2
    until "$@"; do
        if [ "$SECONDS" -ge "$until" ]; then
            echo "slurm: waited in vain until $what" >&2
            logs
            exit 1
        fi
        sleep 0.2
    done
}
# Where the daemons cannot run at all, the machine is told, not the program.
idle() { [ "$(timeout 5 sinfo -h -o %t 2>/dev/null)" = idle ]; }
started() { for _ in $(seq 300); do idle && return; sleep 0.2; done; return 1; }
started || { logs; cannot "Slurm's node did not come up within a minute; its logs are above"; }
echo "slurm $(sinfo --version | cut -d' ' -f2): $(sinfo -h -N -o '%N, %c processors, %t')"

export PATH="$(dirname "$sim"):$PATH"
cp -r scenarios "$work/scenarios"
cd "$work"
scenario=scenarios/proxy-outage.yaml
trials=160 of=8
campaign=(--trials "$trials" --set lasts=90m)
sim plan-shards "$scenario" --engine slurm --of "$of" --jobs 1 --memory 256MiB --time 10m \
    --results results --out jobs "${campaign[@]}" >plan.txt
sbatch --test-only jobs/proxy-outage.sbatch

array="$(sbatch --parsable jobs/proxy-outage.sbatch)"
# The first task is sent back to the queue as soon as it has played something.
kept() { compgen -G "results/*-shard-1-of-$of.resume.jsonl" >/dev/null; }
patiently 120 "shard 1 has played a trial" kept
scontrol requeue "${array}_1"
gone() { [ -z "$(squeue -h -j "$array" 2>/dev/null)" ]; }
patiently 300 "the array is over" gone

shards=(results/proxy-outage-shard-*-of-"$of".jsonl)
if [ "${#shards[@]}" -ne "$of" ]; then
    echo "slurm: ${#shards[@]} of $of shards are there" >&2
    logs
    exit 1
fi
restarts="$(scontrol show job "${array}_1" 2>/dev/null | grep -o 'Restarts=[0-9]*' || true)"
sim merge "${shards[@]}" --out merged --quiet
sim run "$scenario" "${campaign[@]}" --out whole --quiet || case $? in 3 | 99) ;; *) exit 1 ;; esac
for table in trials.csv campaign.csv trials.jsonl; do cmp "merged/$table" "whole/$table"; done

# A shard that is lost: merge says which, and Slurm's own notation plays just that one.
rm "results/proxy-outage-shard-3-of-$of.jsonl" "results/proxy-outage-shard-7-of-$of.jsonl"
missing="$(sim merge results/*-of-"$of".jsonl --out again 2>&1 || true)"
grep -q -- "--array=3,7" <<<"$missing"
again="$(sbatch --parsable --array=3,7 jobs/proxy-outage.sbatch)"
over() { [ -z "$(squeue -h -j "$again" 2>/dev/null)" ]; }
patiently 300 "the rerun is over" over
sim merge results/*-of-"$of".jsonl --out again --quiet
cmp again/campaign.csv whole/campaign.csv
echo "slurm: $of shards of $trials trials, one requeued (${restarts:-over}), two played again:" \
    "the bytes of one run"
