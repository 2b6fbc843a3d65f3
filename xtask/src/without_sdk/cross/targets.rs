//! The phones' processors and systems, as Rust, clang and the stores call them.

/// A target that an app is built for.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Target {
    /// The target as Rust names it.
    pub(crate) triple: &'static str,
    /// Clang's name, with the oldest system that we support.
    pub(super) clang: &'static str,
    pub(super) system: System,
}

/// What differs between the two systems.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum System {
    Android {
        /// The name of its folder in an APK.
        abi: &'static str,
        /// The folders of the C headers for its processor: musl's and the kernel's.
        headers: [&'static str; 2],
        /// Whether phones exist whose memory has pages of 16 KB. Those of 32 bits have 4.
        large_pages: bool,
    },
    Ios {
        /// The name of its folder in an XCFramework.
        folder: &'static str,
        /// The number in Mach-O's `LC_BUILD_VERSION`.
        platform: u32,
    },
}

/// Nearly every Android phone.
pub(crate) const ANDROID: Target = Target {
    triple: "aarch64-linux-android",
    clang: "aarch64-linux-android26",
    system: System::Android {
        abi: "arm64-v8a",
        headers: ["aarch64-linux-musl", "aarch64-linux-any"],
        large_pages: true,
    },
};

/// Old and very cheap Android phones.
const ANDROID_32: Target = Target {
    triple: "armv7-linux-androideabi",
    clang: "armv7a-linux-androideabi26",
    system: System::Android {
        abi: "armeabi-v7a",
        headers: ["arm-linux-musl", "arm-linux-any"],
        large_pages: false,
    },
};

/// The emulator on a developer's machine, and Chromebooks.
const ANDROID_EMULATOR: Target = Target {
    triple: "x86_64-linux-android",
    clang: "x86_64-linux-android26",
    system: System::Android {
        abi: "x86_64",
        headers: ["x86_64-linux-musl", "x86-linux-any"],
        large_pages: true,
    },
};

pub(crate) const IPHONE: Target = Target {
    triple: "aarch64-apple-ios",
    clang: "arm64-apple-ios17.0",
    system: System::Ios {
        folder: "ios-arm64",
        platform: 2,
    },
};

/// The simulator on a Mac.
pub(super) const IPHONE_SIMULATOR: Target = Target {
    triple: "aarch64-apple-ios-sim",
    clang: "arm64-apple-ios17.0-simulator",
    system: System::Ios {
        folder: "ios-arm64-simulator",
        platform: 7,
    },
};

/// One of each system: what every run of the tests checks.
pub(crate) const ONE_OF_EACH: [&Target; 2] = [&ANDROID, &IPHONE];

/// Those that [`ONE_OF_EACH`] leaves out.
pub(super) const OTHERS: [&Target; 3] = [&ANDROID_32, &ANDROID_EMULATOR, &IPHONE_SIMULATOR];

/// Android's, the most common first.
pub(super) const ANDROIDS: [&Target; 3] = [&ANDROID, &ANDROID_32, &ANDROID_EMULATOR];
