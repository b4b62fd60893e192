#!/usr/bin/env bash
# The program alone in an empty root: no shell, no libraries, no time zones, nothing writable but
# the mounted folder, and a user that owns nothing. That is what the container image holds.
#
#   tests/engines/empty_root.sh PROGRAM     linked statically (-C target-feature=+crt-static)
#
# Needs root, for chroot and the mount. It exits with 77 where neither is allowed.
set -euo pipefail
sim="$(realpath "$1")"
cd "$(dirname "$0")/../.."
source tests/engines/needs.sh
needs pgrep procps

if ldd "$sim" 2>/dev/null | grep -q '=>'; then
    echo "empty root: $sim needs libraries; build it with RUSTFLAGS='-C target-feature=+crt-static'" >&2
    exit 1
fi
root="$(mktemp -d)"
stop() {
    umount "$root/volume" 2>/dev/null || true
    umount "$root" 2>/dev/null || true
    rm -rf "$root"
}
trap stop EXIT
said="$(mount -t tmpfs -o size=200m,mode=755 tmpfs "$root" 2>&1)" || cannot "no mount here: $said"
said="$(unshare --pid --fork true 2>&1)" || cannot "no processes of its own here: $said"
mkdir "$root/volume"
cp "$sim" "$root/sim"
chmod 755 "$root/sim"
mount -t tmpfs -o size=200m,mode=1777 tmpfs "$root/volume"
cp -r scenarios "$root/volume/"
mount -o remount,ro "$root"

# Processes of its own, so that it is the first and only one, as in a container.
inside() {
    unshare --pid --fork --kill-child \
        chroot --userspec=65532:65532 "$root" /sim "$@"
}
cd /
inside --version
inside check /volume/scenarios/proxy-outage.yaml --format json >/dev/null
inside run /volume/scenarios/proxy-outage.yaml --trials 3 --shard 1/1 --out /volume/shards
inside merge /volume/shards/proxy-outage-shard-1-of-1.jsonl --out /volume/merged --quiet
test -s "$root/volume/merged/campaign.csv"

# Nothing outside the volume can be written to, and that is said.
if inside run /volume/scenarios/quiet-day.yaml --out /reports >"$root/volume/said" 2>&1; then
    echo "empty root: it wrote where nothing is writable" >&2
    exit 1
fi
grep -q "read-only\|Read-only" "$root/volume/said" || { cat "$root/volume/said" >&2; exit 1; }

# The first process of a container gets no signal that it does not handle itself.
inside run /volume/scenarios/proxy-outage.yaml --trials 100000 --shard 1/1 \
    --out /volume/long --jobs 1 >"$root/volume/stopped" 2>&1 &
waiting=$!
for _ in $(seq 200); do
    compgen -G "$root/volume/long/*.resume.jsonl" >/dev/null && break
    sleep 0.1
done
sleep 1
first="$waiting"
while child="$(pgrep -P "$first")"; do first="$child"; done
kill -TERM "$first"
code=0
wait "$waiting" || code=$?
[ "$code" -eq 130 ] || { echo "empty root: ended with $code after TERM" >&2; cat "$root/volume/stopped" >&2; exit 1; }
grep -q "interrupted" "$root/volume/stopped"
echo "empty root: runs, merges, refuses and stops with the program alone"
