#!/usr/bin/env bash
# Makes bindings/swift/Generated/ship/VidimusFFI.xcframework, the core as the Swift package takes it on a Mac:
# static libraries for iPhone and for the simulator on Apple's processors, with the C headers.
#
#   ios/build-xcframework.sh                     builds both with cargo: Rust by rustup, Xcode's command line tools
#   ios/build-xcframework.sh DEVICE.a SIMULATOR.a   takes libraries that are built
#
# Xcode makes the framework where it is there. Elsewhere this writes the same folder, which is enough to check it.
set -euo pipefail
cd "$(dirname "$0")/.."

ship=bindings/swift/Generated/ship
framework=$ship/VidimusFFI.xcframework
work=target/xcframework
device=target/aarch64-apple-ios/ffi/libvidimus_ffi.a
simulator=target/aarch64-apple-ios-sim/ffi/libvidimus_ffi.a

fail() {
    echo "build-xcframework: $1" >&2
    exit 1
}

build() {
    command -v rustup >/dev/null || fail "rustup is not here; see https://rustup.rs"
    rustup target add aarch64-apple-ios aarch64-apple-ios-sim
    for target in aarch64-apple-ios aarch64-apple-ios-sim; do
        echo "build-xcframework: building for $target, some minutes at first" >&2
        IPHONEOS_DEPLOYMENT_TARGET=17.0 CARGO_TARGET_DIR=target CFLAGS=-fno-asynchronous-unwind-tables \
            cargo rustc --quiet --locked --package vidimus-ffi --profile ffi --crate-type staticlib --target "$target"
    done
}

# The Swift sources and the C headers, out of what the library says of itself.
generate() {
    cargo xtask bindings swift "$device"
}

case $# in
    0) build && generate ;;
    2) device=$1 simulator=$2 ;;
    *) fail "no library, or one for the device and one for the simulator" ;;
esac
headers=$ship/CVidimusFFI
[ -f "$headers/module.modulemap" ] || fail "$headers is not there; type: cargo xtask bindings ship"

rm -rf "$work/Headers" && mkdir -p "$work/Headers"
cp "$headers"/*.h "$work/Headers/"
# On Linux the module names the library to link; here the framework does.
grep -v '^ *link ' "$headers/module.modulemap" >"$work/Headers/module.modulemap"

rm -rf "$framework"
if command -v xcodebuild >/dev/null; then
    xcodebuild -create-xcframework -output "$framework" \
        -library "$device" -headers "$work/Headers" -library "$simulator" -headers "$work/Headers"
    exit
fi

# A library's entry in the list: the folder, and what else tells one from the other.
entry() {
    cat <<ENTRY
        <dict>
            <key>BinaryPath</key>
            <string>libvidimus_ffi.a</string>
            <key>HeadersPath</key>
            <string>Headers</string>
            <key>LibraryIdentifier</key>
            <string>$1</string>
            <key>LibraryPath</key>
            <string>libvidimus_ffi.a</string>
            <key>SupportedArchitectures</key>
            <array>
                <string>arm64</string>
            </array>
            <key>SupportedPlatform</key>
            <string>ios</string>$2
        </dict>
ENTRY
}

place() {
    mkdir -p "$framework/$1"
    cp "$2" "$framework/$1/libvidimus_ffi.a"
    cp -R "$work/Headers" "$framework/$1/Headers"
}

place ios-arm64 "$device"
place ios-arm64-simulator "$simulator"
variant='
            <key>SupportedPlatformVariant</key>
            <string>simulator</string>'
cat >"$framework/Info.plist" <<PLIST
<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
<dict>
    <key>AvailableLibraries</key>
    <array>
$(entry ios-arm64 "")
$(entry ios-arm64-simulator "$variant")
    </array>
    <key>CFBundlePackageType</key>
    <string>XFWK</string>
    <key>XCFrameworkFormatVersion</key>
    <string>1.0</string>
</dict>
</plist>
PLIST
echo "build-xcframework: assembled $framework without Xcode" >&2
