import Foundation

/// Another wall clock for a process that a test starts, by Debian's package `faketime`.
enum FakeTime {
    /// The loader puts its folder of libraries in place of `$LIB`.
    private static let library = "/usr/$LIB/faketime/libfaketime.so.1"

    /// What such a process finds in its environment. Only the wall clock is wrong: a wait lasts as
    /// long as ever.
    static func variables(_ clock: String) throws -> [String: String] {
        guard FileManager.default.fileExists(atPath: "/usr/bin/faketime") else { throw Missing() }
        return ["LD_PRELOAD": library, "FAKETIME": clock, "FAKETIME_DONT_FAKE_MONOTONIC": "1"]
    }

    /// Install the Debian package `faketime`.
    struct Missing: Error {}
}
