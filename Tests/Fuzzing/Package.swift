// swift-tools-version: 6.2

import PackageDescription

let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .treatAllWarnings(as: .error),
    // What the targets check is not all open to other modules.
    .unsafeFlags(["-enable-testing"]),
]

/// What libFuzzer sees of the judge, beside which it would trace every comparison: with all the sorting that takes most
/// of the time. Of the reference it need not see branches.
func coverage(_ kind: String) -> SwiftSetting {
    .unsafeFlags(["-sanitize-coverage=\(kind),inline-8bit-counters,pc-table"])
}

/// A module of the product, or the files of it that need no other module than those here.
func product(_ folder: String, _ dependencies: [Target.Dependency] = [], sources: [String]? = nil) -> Target {
    .target(
        name: String(folder.split(separator: "/").last!),
        dependencies: dependencies,
        path: "Product/\(folder)",
        sources: sources,
        swiftSettings: settings
    )
}

let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let deque = Target.Dependency.product(name: "DequeModule", package: "swift-collections")
let heap = Target.Dependency.product(name: "HeapModule", package: "swift-collections")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")

// A package of its own: only what is fuzzed is compiled, and unsafe flags stay out of the product's manifest. Built by
// scripts/fuzz with `--sanitize fuzzer`, which measures coverage and links libFuzzer's `main`.
let package = Package(
    name: "fuzzing",
    platforms: [.macOS(.v15)],
    dependencies: [
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-crypto", "3.12.3"..<"5.0.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    ],
    targets: [
        .target(name: "JudgingKernels", path: "Product/Core/JudgingKernels"),
        .target(
            name: "Judging",
            dependencies: ["JudgingKernels", "Text"],
            path: "Product/Core/Judging",
            swiftSettings: settings + [coverage("edge")],
            linkerSettings: [.linkedLibrary("m")]
        ),
        product("Core/Text"),
        product("Core/Analysis", ["Judging", "Text"]),
        product("Formats/JSON", ["Text"]),
        product("Formats/EventFormats", ["Analysis", "JSON", "Judging", "Text", crypto]),
        product("Formats/StoredFormats", ["Analysis", "Judging"]),
        product("Formats/PromQL"),
        product("Platform/TextFiles"),
        product("Formats/JudgeInputs", ["Analysis", "JSON", "Judging", "Text"]),
        product("Formats/KayentaFormats", ["Analysis", "JSON", "JudgeInputs", "Text"]),
        product("Formats/Reports", ["Analysis", "Judging", "PromQL", "Text"]),
        product("Formats/Notifications", ["Analysis", "JSON", "Judging", "Reports", "StoredFormats", "Text"]),
        product(
            "Formats/PlanFormats",
            [
                "Analysis", "EventFormats", "Judging", "Notifications", "PromQL", "StoredFormats", "Text", "TextFiles",
                crypto, yams,
            ]
        ),
        .systemLibrary(name: "CRDKafka", path: "Product/Clients/CRDKafka", pkgConfig: "rdkafka"),
        .systemLibrary(name: "CCurl", path: "Product/Clients/CCurl", pkgConfig: "libcurl"),
        .systemLibrary(name: "CPostgres", path: "Product/Clients/CPostgres", pkgConfig: "libpq"),
        product("Platform/Concurrency", [deque]),
        product("Clients/Kafka", ["CRDKafka", "Concurrency", deque, logging]),
        product("Clients/HTTPTransport", ["CCurl", "Concurrency", deque, heap]),
        product("Clients/Postgres", ["CPostgres", "Concurrency", "Text", deque, logging]),
        product("MetricSources/Prometheus", ["Analysis", "HTTPTransport", "PromQL"]),
        product("Clients/Grafana", ["HTTPTransport"]),
        product("Clients/Kubernetes", ["HTTPTransport", "JSON"]),
        product("Store", ["Analysis", "Judging", "StoredFormats", "Text"], sources: ["StoreError.swift", "Values"]),
        product(
            "Engine",
            ["Analysis", "Concurrency", "PlanFormats", "EventFormats", "Text"],
            sources: ["Intake/EnvelopeReader.swift", "Intake/Envelope.swift", "Intake/IntakeOutcome.swift"]
        ),
        product(
            "Rollout",
            [
                "Analysis", "Concurrency", "EventFormats", "HTTPTransport", "JSON", "Judging", "Kafka", "Kubernetes",
                "Text", logging,
            ]
        ),
        product("Web", ["Analysis", "Judging", "Store", "Text"], sources: ["SessionParameters.swift"]),
        .target(
            name: "ReferenceJudge",
            dependencies: ["Judging"],
            path: "ReferenceJudge",
            swiftSettings: settings + [coverage("func")]
        ),
        .target(name: "PromQLLexer", path: "PromQLLexer", swiftSettings: settings),
        .target(
            name: "FuzzTargets",
            dependencies: [
                "Analysis", "PlanFormats", "Engine", "EventFormats", "Grafana", "HTTPTransport", "JSON",
                "JudgeInputs", "Judging", "Kafka", "KayentaFormats", "Kubernetes", "Notifications", "Postgres",
                "PromQL", "PromQLLexer",
                "Prometheus", "ReferenceJudge", "Rollout", "Store", "StoredFormats", "Web",
            ],
            path: "FuzzTargets",
            swiftSettings: settings
        ),
        .executableTarget(name: "fuzz", dependencies: ["FuzzTargets"], swiftSettings: settings),
    ]
)
