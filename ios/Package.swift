// swift-tools-version: 6.0
import PackageDescription

// Linux has no Apple framework: the sources below an Apple folder are left out there, and the rest is built and tested.
// `typecheck/check` reads what is left out.
#if os(Linux)
    let appleSources = ["Apple"]
#else
    let appleSources: [String] = []
#endif

let package = Package(
    name: "VidimusPhone",
    platforms: [.iOS(.v17), .macOS(.v14)],
    products: [
        .library(name: "VidimusDevice", targets: ["VidimusDevice"])
    ],
    dependencies: [.package(name: "Vidimus", path: "../bindings/swift")],
    targets: [
        .target(
            name: "VidimusDevice",
            dependencies: [.product(name: "Vidimus", package: "Vidimus")],
            exclude: appleSources
        )
    ]
)

// The tests call what only the contract flavour of the core has.
if Context.environment["VIDIMUS_FLAVOUR"] == "contract" {
    package.targets.append(
        .testTarget(
            name: "VidimusDeviceTests",
            dependencies: ["VidimusDevice", .product(name: "VidimusContract", package: "Vidimus")]
        )
    )
}
