#!/usr/bin/env bash
# The last stage of the container's recipe, built by buildah from a program that already exists:
# what is in the image, who it runs as, and that it runs with nothing else.
#
#   tests/engines/image.sh PROGRAM     linked statically (-C target-feature=+crt-static)
#
# Needs root, and Debian's package buildah, which it installs if it is missing. It exits with 77 if
# that cannot be had here. No base image is fetched: the stage begins from scratch.
set -euo pipefail
sim="$(realpath "$1")"
cd "$(dirname "$0")/../.."
source tests/engines/needs.sh
needs buildah buildah

work="$(mktemp -d)"
builder=(buildah --root "$work/images" --runroot "$work/run" --storage-driver vfs)
stop() {
    "${builder[@]}" umount --all >/dev/null 2>&1 || true
    "${builder[@]}" rm --all >/dev/null 2>&1 || true
    rm -rf "$work"
}
trap stop EXIT
mkdir "$work/built"
cp "$sim" "$work/built/sim"
strip "$work/built/sim" 2>/dev/null || true

# In place of the stage that compiles.
"${builder[@]}" bud --quiet --isolation chroot --build-context build="$work/built" \
    -f .container/Containerfile -t sim . >/dev/null 2>"$work/said" ||
    cannot "no image can be built here: $(tail -1 "$work/said")"

config() { "${builder[@]}" inspect --type image --format "$1" sim; }
is() { # is WHAT FOUND WANTED
    [ "$2" = "$3" ] || { echo "image: $1 is $2 instead of $3" >&2; exit 1; }
}
is "the user" "$(config '{{.OCIv1.Config.User}}')" 65532:65532
is "the entry point" "$(config '{{.OCIv1.Config.Entrypoint}}')" "[/sim]"
is "the folder" "$(config '{{.OCIv1.Config.WorkingDir}}')" /work
container="$("${builder[@]}" from sim)"
root="$("${builder[@]}" mount "$container")"
is "what it holds" "$(cd "$root" && find . -mindepth 1 -type f -o -mindepth 1 -type d -empty | sort | xargs)" \
    "./sim ./work"
bash tests/engines/empty_root.sh "$root/sim"
echo "image: the program alone, $(du -m "$root/sim" | cut -f1) MB, user 65532, no shell"
