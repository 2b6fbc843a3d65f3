#!/bin/sh
# rustc's linker for the library that ships. It links what rustc asks for, and beside it, as
# FILE.ship, the same library without the metadata of UniFFI: bindgen alone reads that, and it is
# 40 kB.
set -eu
cc "$@"

# Once more, with the list of exports and the file changed.
list=
previous=
for argument in "$@"; do
    shift
    case $argument in
    -Wl,--version-script=*)
        list=${argument#-Wl,--version-script=}
        grep -v UNIFFI_META_ "$list" > "$list.ship"
        argument=$argument.ship
        ;;
    *) [ "$previous" != -o ] || argument=$argument.ship ;;
    esac
    set -- "$@" "$argument"
    previous=$argument
done
if [ -z "$list" ]; then
    echo "link-to-ship.sh: rustc gave no --version-script, so nothing was linked to ship" >&2
    exit 1
fi
exec cc "$@"
