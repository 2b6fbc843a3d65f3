import Foundation
import Vidimus

// How long a frame and an opening take through Swift, for `cargo xtask bench`: medians, warmed up.

guard let folder = ProcessInfo.processInfo.environment["VIDIMUS_BENCH_WALLET"].map({ URL(filePath: $0) }) else {
    fatalError("VIDIMUS_BENCH_WALLET is not set: run `cargo xtask bench swift`")
}
let keys = try FileKeyStore(directory: folder.appending(path: "keys"))
let directory = folder.appending(path: "wallet")

let opening = try await median(of: 50, after: 10) {
    try await Wallet.open(at: directory, keyStore: keys).close()
}
let wallet = try await Wallet.open(at: directory, keyStore: keys)
guard let license = try await wallet.licenses().first else { fatalError("the wallet holds no license") }
let presentation = try await wallet.present(license.id)
let frame = try await median(of: 200, after: 50) {
    _ = try await presentation.frame()
}
try await presentation.end()
print("bench: frame \(frame)")
print("bench: open \(opening)")

/// In microseconds.
func median(of count: Int, after warmUp: Int, _ body: () async throws -> Void) async throws -> String {
    let clock = ContinuousClock()
    var times: [Duration] = []
    for _ in 0..<warmUp { try await body() }
    for _ in 0..<count { times.append(try await clock.measure { try await body() }) }
    let middle = times.sorted()[count / 2]
    return String(format: "%.1f", middle / .microseconds(1))
}
