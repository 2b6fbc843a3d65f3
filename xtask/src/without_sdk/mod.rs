//! What exists only because no SDK is at hand: no Android SDK, NDK or Gradle, no Xcode, no Swift.
//!
//! It builds and checks the phones' parts on a plain Debian machine. What it makes is looked at and
//! never run on a phone. With an SDK each part goes:
//!
//! | part | what it does here | with an SDK |
//! |---|---|---|
//! | `apk` | packs and signs the Android app with Maven, R8 and Debian's tools | `gradle :app:assembleRelease` |
//! | `cross` | compiles and links the library with Debian's clang and musl's headers | `cargo ndk`; `ios/build-xcframework.sh` with Xcode |
//! | `versions` | holds Gradle's catalogue against the libraries that Maven took | Gradle refuses them itself |
//! | `swift_root` | a Debian 13 root with Swift 6, where the PATH has none | Swift from swift.org or Xcode |

pub(crate) mod apk;
pub(crate) mod cross;
pub(crate) mod swift_root;
pub(crate) mod versions;
