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
    _ folder: String,
    _ dependencies: [Target.Dependency] = [],
    linkerSettings: [LinkerSetting] = []
) -> Target {
    .target(
        name: String(folder.split(separator: "/").last!),
        dependencies: dependencies,
        path: "Product/\(folder)",
        swiftSettings: settings,
        linkerSettings: linkerSettings
    )
}

let harness = Target.Dependency.product(name: "Benchmark", package: "benchmark")

let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let deque = Target.Dependency.product(name: "DequeModule", package: "swift-collections")
let heap = Target.Dependency.product(name: "HeapModule", package: "swift-collections")

/// Benchmarks that `swift package benchmark` finds and runs, each in a process of its own.
func benchmarks(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .executableTarget(
        name: name,
        dependencies: dependencies + ["Harness", "Measuring", harness],
        path: "Benchmarks/\(name)",
        swiftSettings: settings,
        plugins: [.plugin(name: "BenchmarkPlugin", package: "benchmark")]
    )
}

let package = Package(
    name: "benchmarks",
    platforms: [.macOS(.v15)],
    dependencies: [
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-crypto", "3.12.3"..<"5.0.0"),
        // Without traits: its counters of allocations come from packages that replace the allocator.
        .package(url: "https://github.com/ordo-one/benchmark", from: "1.38.1", traits: []),
    ],
    targets: [
        .target(
            name: "JudgingKernels",
            path: "Product/Core/JudgingKernels",
            // valgrind 3.19 gives up on version 5 of DWARF, which clang writes otherwise.
            cSettings: [.unsafeFlags(["-gdwarf-4"])]
        ),
        product("Core/Judging", ["JudgingKernels", "Text"], linkerSettings: [.linkedLibrary("m")]),
        product("Core/Text"),
        product("Core/Analysis", ["Judging", "Text"]),
        product("Formats/JSON", ["Text"]),
        product("Formats/EventFormats", ["Analysis", "JSON", "Judging", "Text", crypto]),
        product("Formats/StoredFormats", ["Analysis", "Judging"]),
        product("Formats/PromQL"),
        .systemLibrary(name: "CCurl", path: "Product/Clients/CCurl", pkgConfig: "libcurl"),
        product("Platform/Concurrency", [deque]),
        product("Clients/HTTPTransport", ["CCurl", "Concurrency", deque, heap]),
        product("MetricSources/Prometheus", ["Analysis", "HTTPTransport", "PromQL"]),

        // What is measured with.
        .target(name: "CAllocationCounter"),
        .target(name: "CProcessorClock"),
        .target(name: "Measuring", swiftSettings: settings),
        .target(name: "Harness", dependencies: ["Measuring", harness], swiftSettings: settings),
        .target(name: "ReferenceJudge", dependencies: ["Judging"], path: "ReferenceJudge", swiftSettings: settings),
        .target(name: "Subjects", dependencies: ["Judging", "ReferenceJudge"], swiftSettings: settings),

        // What is measured.
        benchmarks("Judges", ["CAllocationCounter", "CProcessorClock", "Judging", "JudgingKernels", "Subjects"]),
        benchmarks(
            "Service",
            ["Analysis", "EventFormats", "HTTPTransport", "Judging", "Prometheus", "StoredFormats", "Subjects"]
        ),
        .executableTarget(
            name: "judge-instructions",
            dependencies: ["Judging", "Subjects"],
            swiftSettings: settings
        ),
        .executableTarget(
            name: "judge-looks",
            dependencies: ["Judging", "Measuring", "Subjects"],
            swiftSettings: settings
        ),
        .executableTarget(name: "report", dependencies: ["Measuring"], swiftSettings: settings),
    ]
)
