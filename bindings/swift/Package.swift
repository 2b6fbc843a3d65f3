// swift-tools-version: 6.0
import Foundation
import PackageDescription

// Which build of the core to use: `ship` is what apps get, `wallet` the same without the driver's
// app; `contract` has also what only the tests call. `cargo xtask bindings` makes them, below
// Generated/.
let flavour = Context.environment["VIDIMUS_FLAVOUR"] ?? "ship"
let generated = "Generated/\(flavour)"

// The core itself: on Linux a shared library that the linker is shown (`-Xlinker -L…`), on Apple's
// systems an XCFramework.
#if os(Linux)
    let library = Target.systemLibrary(name: "VidimusFFI", path: "\(generated)/CVidimusFFI")
#else
    let library = Target.binaryTarget(name: "VidimusFFI", path: "\(generated)/VidimusFFI.xcframework")
#endif

// Said here in a line: SwiftPM's own words for a folder that is not there name no way to make it.
// The package does not resolve without the core. One that did, and had other targets then, would
// stay so once the core is there: SwiftPM keeps what a manifest has answered, as long as its text
// is the same. What ended in an error is asked again.
let parts = ["VidimusCore", library.type == .binary ? "VidimusFFI.xcframework" : "CVidimusFFI"]
for part in parts {
    let place = "\(generated)/\(part)"
    guard !FileManager.default.fileExists(atPath: "\(Context.packageDirectory)/\(place)") else { continue }
    let maker = library.type == .binary ? "ios/build-xcframework.sh" : "cargo xtask bindings"
    FileHandle.standardError.write(Data("bindings/swift/\(place) is not there yet; type: \(maker)\n".utf8))
    exit(1)
}

let package = Package(
    name: "Vidimus",
    platforms: [.iOS(.v17), .macOS(.v14)],
    products: [.library(name: "Vidimus", targets: ["Vidimus"])],
    targets: [
        library,
        // Generated code is no Swift 6 yet.
        .target(
            name: "VidimusCore",
            dependencies: ["VidimusFFI", "VidimusConversions"],
            path: "\(generated)/VidimusCore",
            swiftSettings: [.swiftLanguageMode(.v5)]
        ),
        .target(name: "VidimusConversions"),
        .target(name: "Vidimus", dependencies: ["VidimusCore", "VidimusConversions"]),
        .executableTarget(name: "vidimus-bench", dependencies: ["Vidimus"], path: "Sources/VidimusBench"),
        .target(name: "VidimusTestSupport", dependencies: ["Vidimus", "Sanitizers"], path: "Tests/Support"),
        .target(name: "Sanitizers", path: "Tests/Sanitizers"),
    ]
)

// The driver's app. `wallet` is the flavour for apps with screens of their own: it has none.
if flavour != "wallet" {
    package.products.append(.library(name: "VidimusApp", targets: ["VidimusApp"]))
    package.targets.append(.target(name: "VidimusApp", dependencies: ["Vidimus", "VidimusCore"]))
}

// What ships has no test-only exports, so only the suites that need none are compiled with it.
if flavour == "contract" {
    // For the tests of the phone's package, `ios`.
    package.products.append(.library(name: "VidimusContract", targets: ["VidimusCore", "VidimusTestSupport"]))
    package.targets.append(
        .testTarget(
            name: "VidimusTests",
            dependencies: ["Vidimus", "VidimusApp", "VidimusConversions", "VidimusCore", "VidimusTestSupport"])
    )
} else {
    package.targets.append(
        .testTarget(name: "VidimusSmokeTests", dependencies: ["Vidimus", "VidimusTestSupport"])
    )
}
