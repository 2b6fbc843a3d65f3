#!/usr/bin/env bash
# A Debian 13 root beside a Debian system that has no Swift 6: compiler, SwiftPM, XCTest, Swift Testing, Foundation,
# swift-format and docc, from the system's own Debian mirror.
#
#   debian13-root.sh create DIR               make it; again: 50 ms
#   debian13-root.sh run DIR -- COMMAND...    run COMMAND in it, as root, in the present folder
#   debian13-root.sh remove DIR               delete it
#
# `run` shows the command the project (the git work tree around the present folder, else that folder) and cargo's downloads,
# at the same paths as outside; more with VIDIMUS_BIND="PATH PATH". Give variables with `env`: run DIR -- env A=1 swift test.
# Every mount is made in a separate mount namespace (unshare --mount): it ends with the command, however that ends, and no
# other process ever sees it. So nothing needs unmounting, and a delete outside can never reach into /dev or the project.
# Needs root. Where `swift` is on PATH already, use that and not this.
set -euo pipefail

PACKAGES="swiftlang libc6-dev libstdc++-14-dev git faketime"
MARK=.debian13-root # in a folder that this script made, and so may delete

say() { echo "debian13-root: $*" >&2; }
die() { say "$*"; exit 1; }

# The mirror that this system itself uses, so that a machine with its own mirror needs no setting here.
mirror() {
    local uri
    uri=$(apt-get indextargets --format '$(REPO_URI) $(LABEL)' 2>/dev/null | awk '$2 == "Debian" { print $1; exit }')
    [ -n "$uri" ] || die "apt knows no Debian mirror: run 'apt-get update' first"
    echo "$uri"
}

# Runs in the private mount namespace: mounts what COMMAND needs below ROOT, then enters it.
# Arguments: ROOT, folder to start in, "paths to show", COMMAND...
inside() {
    local root=$1 cwd=$2 paths=$3 path
    shift 3
    mount -t proc proc "$root/proc"     # without /proc: "libswiftCore.so: cannot open"
    mount --rbind /dev "$root/dev"      # without /dev/null: "could not execute process rustc"
    mount -t tmpfs -o mode=1777 tmpfs "$root/tmp"
    for path in $paths; do
        mkdir -p "$root$path"
        mount --bind "$path" "$root$path"
    done
    # swift-format, docc and sourcekit-lsp are not in /usr/bin; last, since clang 17 is there too.
    exec env -i HOME=/root LANG=C.UTF-8 TERM="${TERM:-dumb}" CI="${CI:-}" CARGO_HOME="${CARGO_HOME:-$HOME/.cargo}" \
        http_proxy="${http_proxy:-}" https_proxy="${https_proxy:-}" no_proxy="${no_proxy:-}" \
        SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt CURL_CA_BUNDLE=/etc/ssl/certs/ca-certificates.crt \
        PATH=/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin:/usr/libexec/swift/bin \
        chroot "$root" /bin/sh -c 'cd "$1" && shift && exec "$@"' sh "$cwd" "$@"
}
private() { unshare --mount --propagation private -- "$@"; }
in_root() { private "$BASH" "$self" _inside "$@"; }

# Packages once: the file DIR/.have-swift is written after apt has succeeded and holds what was asked for.
packages() {
    local root=$1 start=$SECONDS
    [ "$(cat "$root/.have-swift" 2>/dev/null)" != "$PACKAGES" ] || return 0
    say "swift: installing $PACKAGES"
    # shellcheck disable=SC2086
    in_root "$root" / "" env DEBIAN_FRONTEND=noninteractive sh -c 'dpkg --configure -a && apt-get -qq update &&
        apt-get -qq -y install --no-install-recommends "$@" >/dev/null && apt-get clean' sh $PACKAGES
    echo "$PACKAGES" >"$root/.have-swift"
    say "swift: installed in $((SECONDS - start)) s"
}

create() {
    local root=$1 start=$SECONDS
    mkdir -p "$(dirname "$root")"
    exec 9>"$root.lock" && flock 9 # one creator at a time
    if [ ! -e "$root/.have-base" ]; then
        if ! command -v debootstrap >/dev/null; then
            say "installing debootstrap"
            apt-get -qq update && apt-get -qq -y install --no-install-recommends debootstrap >/dev/null
        fi
        [ ! -e "$root" ] || { say "$root is unfinished: starting again"; remove "$root"; }
        mkdir -p "$root" && touch "$root/$MARK"
        say "base: Debian 13 into $root"
        private debootstrap --variant=minbase --include=ca-certificates trixie "$root" "$(mirror)" >"$root.log" 2>&1 ||
            die "debootstrap failed, see $root.log"
        touch "$root/.have-base"
        say "base: made in $((SECONDS - start)) s"
    fi
    # The machine's own name server, hosts and certificates: a private mirror may have its own certificate.
    cp -L /etc/resolv.conf /etc/hosts "$root/etc/"
    cp -L /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/"
    packages "$root"
}

run() {
    local root=$1 cargo=${CARGO_HOME:-$HOME/.cargo}
    [ "${2:-}" = -- ] && [ $# -ge 3 ] || die "usage: run DIR -- COMMAND..."
    shift 2
    [ -e "$root/.have-base" ] || die "no root in $root: run '$0 create $root' first"
    mkdir -p "$cargo/registry"
    in_root "$root" "$PWD" "$(git rev-parse --show-toplevel 2>/dev/null || pwd) $cargo/registry ${VIDIMUS_BIND:-}" "$@"
}

remove() {
    [ -e "$1/$MARK" ] || die "$1 was not made by this script: not deleted"
    rm -rf --one-file-system -- "$1"
}

[ "$(id -u)" = 0 ] || die "needs root; without it, put Swift 6 on PATH"
[ $# -ge 2 ] || die "usage: create DIR | run DIR -- COMMAND... | remove DIR"
self=$(realpath "${BASH_SOURCE[0]}") verb=$1 dir=$(realpath -m "$2")
shift 2
case $verb in
create | run | remove) "$verb" "$dir" "$@" ;;
_inside) inside "$dir" "$@" ;;
*) die "unknown verb '$verb'" ;;
esac
