//! What exists only because no SDK is at hand: no Android SDK, NDK or Gradle, and no Xcode.
//!
//! It builds and checks the phones' parts on a plain Debian machine. What it makes is looked at and
//! never run on a phone. With an SDK each part goes:
//!
//! | part | what it does here | with an SDK |
//! |---|---|---|
//! | `apk` | packs and signs the Android app with Maven, R8 and Debian's tools | `gradle :app:assembleRelease` |
//! | `cross` | compiles and links the library with Debian's clang and musl's headers | `cargo ndk`; `ios/build-xcframework.sh` with Xcode |
//! | `phones` | runs the phones' tests by Maven and SwiftPM, holds Gradle's catalog against what Maven took, and compiles Apple's sources against stand-ins | `gradle check`; `xcodebuild test` |
//!
//! `debian_root`, beside this folder, is the same for Swift: with Swift 6 on the PATH it is unused.

pub(crate) mod apk;
pub(crate) mod cross;
pub(crate) mod phones;
