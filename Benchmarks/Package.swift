// swift-tools-version: 6.2

import PackageDescription

let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .treatAllWarnings(as: .error),
]

/// A module of the product, compiled here so that its `package` declarations can be seen.
func product(
    _ name: String,
    _ dependencies: [Target.Dependency] = [],
    linkerSettings: [LinkerSetting] = []
) -> Target {
    .target(
        name: name,
        dependencies: dependencies,
        path: "Product/\(name)",
        swiftSettings: settings,
        linkerSettings: linkerSettings
    )
}

let package = Package(
    name: "benchmarks",
    platforms: [.macOS(.v15)],
    targets: [
        product("Judging", linkerSettings: [.linkedLibrary("m")]),
        product("Analysis", ["Judging"]),
        product("EventFormats", ["Analysis", "Judging"]),
        .systemLibrary(name: "CCurl", path: "Product/CCurl", pkgConfig: "libcurl"),
        product("HTTPTransport", ["CCurl"]),
        product("Prometheus", ["HTTPTransport"]),
        .executableTarget(
            name: "benchmarks",
            dependencies: ["Analysis", "EventFormats", "HTTPTransport", "Judging", "Prometheus"],
            swiftSettings: settings
        ),
    ]
)
