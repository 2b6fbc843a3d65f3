//! What is measured, and how near to its physical limit it must come.

/// A number that must stay near its limit.
#[derive(Debug)]
pub(crate) struct Measure {
    /// The criterion group with the functions `ours` and `limit`, or the name in a `measure:` line.
    pub(crate) name: &'static str,
    /// What ours does.
    pub(crate) ours: &'static str,
    /// What it is held against.
    pub(crate) limit: &'static str,
    /// The largest ratio of ours to the limit.
    pub(crate) at_most: f64,
}

/// The measures of `docs/performance.md`, in its order.
pub(crate) const MEASURES: &[Measure] = &[
    Measure {
        name: "verify_ed25519",
        ours: "verify a stapled one-way token, Ed25519 holder",
        limit: "its three raw verify_strict",
        at_most: 1.10,
    },
    Measure {
        name: "verify_p256",
        ours: "verify a stapled one-way token, P-256 holder",
        limit: "two raw Ed25519 checks and the faster P-256 one",
        at_most: 1.10,
    },
    Measure {
        name: "frame",
        ours: "a frame, from frame(now) to modules",
        limit: "one raw signature and one QR with its mask given",
        at_most: 1.5,
    },
    Measure {
        name: "first_qr",
        ours: "a process from start to its first QR, 1,000 log entries",
        limit: "the same on plain SQLite",
        at_most: 1.5,
    },
    Measure {
        name: "first_qr_growth",
        ours: "a process from start to its first QR, 20,000 log entries",
        limit: "with 1,000 log entries",
        at_most: 1.1,
    },
    Measure {
        name: "sealed_row",
        ours: "write and commit one sealed row",
        limit: "the same on plain SQLite",
        at_most: 1.3,
    },
    Measure {
        name: "refresh_http",
        ours: "a refresh that finds nothing new, kept HTTP/1.1 connection",
        limit: "the agreed number of bytes",
        at_most: 1.0,
    },
    Measure {
        name: "refresh_tls",
        ours: "a refresh that finds nothing new, resumed TLS connection",
        limit: "the agreed number of bytes",
        at_most: 1.0,
    },
    Measure {
        name: "heap",
        ours: "heap of an open wallet with one license",
        limit: "the agreed size",
        at_most: 1.0,
    },
    Measure {
        name: "tap",
        ours: "a tap in the driver's app, to the next screen, in Rust",
        limit: "the agreed time",
        at_most: 1.0,
    },
    Measure {
        name: "micro_list",
        ours: "sign one micro-list",
        limit: "zlib and one raw signature",
        at_most: 1.5,
    },
    Measure {
        name: "status_changes",
        ours: "a status change by one process, signed and published, 100,000 licenses",
        limit: "the agreed time",
        at_most: 1.0,
    },
    Measure {
        name: "status_commands",
        ours: "the same by a command of its own",
        limit: "the agreed time",
        at_most: 1.0,
    },
    Measure {
        name: "enrollments",
        ours: "a whole enrollment over HTTP, eight phones at once",
        limit: "the agreed time",
        at_most: 1.0,
    },
    Measure {
        name: "frame_kotlin",
        ours: "a frame through Kotlin",
        limit: "in Rust",
        at_most: 2.0,
    },
    Measure {
        name: "frame_swift",
        ours: "a frame through Swift",
        limit: "in Rust",
        at_most: 2.0,
    },
    Measure {
        name: "open_kotlin",
        ours: "a wallet opened through Kotlin",
        limit: "in Rust",
        at_most: 1.5,
    },
    Measure {
        name: "open_swift",
        ours: "a wallet opened through Swift",
        limit: "in Rust",
        at_most: 1.5,
    },
    Measure {
        name: "compile_kotlin",
        ours: "Kotlin compiled, generated and hand-written",
        limit: "the agreed time",
        at_most: 1.0,
    },
    Measure {
        name: "first_code_screens",
        ours: "from the finger on Show to the first code, through the app",
        limit: "the core's own presentation and frame, through Kotlin",
        at_most: 1.2,
    },
    Measure {
        name: "show_frame_screens",
        ours: "the slowest of 3,600 frames of a minute of showing, CPU",
        limit: "the agreed time",
        at_most: 1.0,
    },
];

/// What the screens measure of themselves.
pub(crate) const SCREENS: &str = "screens";

/// The languages that measure themselves beside Rust.
pub(crate) const LANGUAGES: [&str; 2] = ["kotlin", "swift"];

impl Measure {
    /// The language that it is taken in, or the screens, where that is not Rust.
    pub(crate) fn language(&self) -> Option<&'static str> {
        LANGUAGES
            .into_iter()
            .chain([SCREENS])
            .find(|language| self.name.ends_with(language))
    }
}
