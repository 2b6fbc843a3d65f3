// swift-tools-version: 6.0
import PackageDescription

let vidimus = Target.Dependency.product(name: "Vidimus", package: "Vidimus")
let app = Target.Dependency.product(name: "VidimusApp", package: "Vidimus")

// Linux has no Apple framework: the sources below an Apple folder are left out there, and the rest
// is built and tested. `typecheck/check` reads what is left out.
#if os(Linux)
    let appleSources = ["Apple"]
    let screens: [Target.Dependency] = []
#else
    let appleSources: [String] = []
    let screens: [Target.Dependency] = ["VidimusScreens"]
#endif

let package = Package(
    name: "VidimusPhone",
    platforms: [.iOS(.v17), .macOS(.v14)],
    products: [
        .library(name: "VidimusShell", targets: ["VidimusShell"]),
        .library(name: "VidimusDevice", targets: ["VidimusDevice"]),
        .library(name: "VidimusReader", targets: ["VidimusReader"]),
    ],
    dependencies: [.package(name: "Vidimus", path: "../bindings/swift")],
    targets: [
        .target(name: "VidimusShell", dependencies: [vidimus, app]),
        .target(name: "VidimusDevice", dependencies: [vidimus], exclude: appleSources),
        .target(
            name: "VidimusReader",
            dependencies: [vidimus, app, "VidimusShell", "VidimusDevice"] + screens, exclude: appleSources),
    ]
)

#if !os(Linux)
    package.products.append(.library(name: "VidimusScreens", targets: ["VidimusScreens"]))
    package.targets.append(.target(name: "VidimusScreens", dependencies: ["VidimusShell", "VidimusDevice"]))
#endif

// The tests below a folder Contract call what only the contract flavour of the core has. The rest
// needs nothing but what ships, so that Xcode has test targets too.
let isContract = Context.environment["VIDIMUS_FLAVOUR"] == "contract"
let contract = isContract ? [Target.Dependency.product(name: "VidimusContract", package: "Vidimus")] : []
package.targets += ["VidimusDevice", "VidimusReader", "VidimusShell"].map { tested in
    .testTarget(
        name: "\(tested)Tests", dependencies: [.target(name: tested), app] + contract,
        exclude: isContract ? [] : ["Contract"])
}
