# What the scripts of engines share: what they need is installed if it is missing, and where it
# cannot be had they say why and exit with 77, which is not a failure (automake's word for skipped).

# cannot WHY
cannot() {
    echo "skipped: $*" >&2
    exit 77
}

# needs PROGRAM PACKAGE…: Debian's packages that bring the program.
needs() {
    local program="$1" said
    shift
    command -v "$program" >/dev/null && return
    command -v apt-get >/dev/null || cannot "$program is not here, and neither is apt-get"
    [ "$(id -u)" = 0 ] || cannot "$program is not here, and only root can install it"
    said="$(apt-get update -qq 2>&1 &&
        DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" 2>&1)" ||
        cannot "$* cannot be installed: $(tail -1 <<<"$said")"
    command -v "$program" >/dev/null || cannot "$program is not in $*"
}
