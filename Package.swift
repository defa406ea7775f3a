// swift-tools-version: 6.2

import PackageDescription

let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .treatAllWarnings(as: .error),
]

let deque = Target.Dependency.product(name: "DequeModule", package: "swift-collections")
let histogram = Target.Dependency.product(name: "Histogram", package: "hdrhistogram-swift")
let hummingbird = Target.Dependency.product(name: "Hummingbird", package: "hummingbird")
let hummingbirdCore = Target.Dependency.product(name: "HummingbirdCore", package: "hummingbird")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let nioHTTPTypes = Target.Dependency.product(name: "NIOHTTPTypes", package: "swift-nio-extras")
let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioHTTP = Target.Dependency.product(name: "NIOHTTP1", package: "swift-nio")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
let serviceLifecycle = Target.Dependency.product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let unixSignals = Target.Dependency.product(name: "UnixSignals", package: "swift-service-lifecycle")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")

let package = Package(
    name: "assay",
    platforms: [.macOS(.v15)],
    products: [.executable(name: "assay", targets: ["assay"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.2"),
        .package(url: "https://github.com/HdrHistogram/hdrhistogram-swift", from: "0.2.0"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1", traits: []),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ],
    targets: [
        // The core: values and rules, no I/O, no clock.
        .target(name: "JudgingKernels"),
        .target(
            name: "Judging",
            dependencies: ["JudgingKernels"],
            swiftSettings: settings + [.strictMemorySafety()],
            linkerSettings: [.linkedLibrary("m")]
        ),
        .target(name: "Analysis", dependencies: ["Judging"], swiftSettings: settings),
        .target(name: "EventFormats", dependencies: ["Analysis", "Judging"], swiftSettings: settings),
        .target(name: "ConfigFormats", dependencies: ["Analysis", "Judging", yams], swiftSettings: settings),

        // C libraries.
        .systemLibrary(name: "CRDKafka", pkgConfig: "rdkafka", providers: [.apt(["librdkafka-dev"])]),
        .systemLibrary(name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
        .systemLibrary(name: "CPostgres", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),

        // Ways in and out.
        .target(name: "Threads", swiftSettings: settings),
        .target(name: "Kafka", dependencies: ["CRDKafka", "Threads", deque, logging], swiftSettings: settings),
        .target(name: "HTTPTransport", dependencies: ["CCurl", "Threads"], swiftSettings: settings),
        .target(name: "Postgres", dependencies: ["CPostgres", "Threads", deque, logging], swiftSettings: settings),
        .target(name: "Prometheus", dependencies: ["HTTPTransport"], swiftSettings: settings),
        .target(name: "Grafana", dependencies: ["HTTPTransport"], swiftSettings: settings),
        .target(name: "Kubernetes", dependencies: ["HTTPTransport"], swiftSettings: settings),
        .target(
            name: "Store",
            dependencies: ["Analysis", "Postgres", logging, .product(name: "GRDB", package: "GRDB.swift")],
            swiftSettings: settings
        ),
        .target(name: "Telemetry", swiftSettings: settings),

        // What drives the core.
        .target(
            name: "Engine",
            dependencies: [
                "Analysis", "ConfigFormats", "EventFormats", "Grafana", "HTTPTransport", "Judging", "Kafka",
                "Prometheus", "Store", "Telemetry", deque, logging, serviceLifecycle,
            ],
            swiftSettings: settings
        ),
        .target(
            name: "Rollout",
            dependencies: ["Analysis", "EventFormats", "HTTPTransport", "Judging", "Kafka", "Kubernetes", logging],
            swiftSettings: settings
        ),
        .target(
            name: "Web",
            dependencies: [
                "Analysis", "Engine", "EventFormats", "Judging", "Store", "Telemetry", "Threads", hummingbird,
                hummingbirdCore, logging, nioCore, nioHTTPTypes,
            ],
            swiftSettings: settings
        ),
        .target(
            name: "Demo",
            dependencies: [
                "Analysis", "EventFormats", "HTTPTransport", "Judging", "Kafka", hummingbird, logging, nioCore,
                unixSignals,
            ],
            swiftSettings: settings
        ),
        .executableTarget(
            name: "assay",
            dependencies: [
                "Analysis", "ConfigFormats", "Demo", "Engine", "EventFormats", "Grafana", "HTTPTransport", "Judging",
                "Kafka", "Kubernetes", "Postgres", "Prometheus", "Rollout", "Store", "Telemetry", "Web", hummingbird,
                logging, serviceLifecycle, unixSignals, yams,
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: settings
        ),

        // What programs share that run others, and count.
        .target(
            name: "LoadBench",
            dependencies: [
                "Analysis", "Demo", "EventFormats", "HTTPTransport", "Kafka", logging, unixSignals,
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            path: "loadtest/Bench",
            swiftSettings: settings
        ),
        // Runs the program under load while its processes, its database, its broker and its back end fail.
        .executableTarget(
            name: "chaos",
            dependencies: [
                "Analysis", "Demo", "EventFormats", "HTTPTransport", "Judging", "Kafka", "LoadBench", hummingbird,
                logging, nioCore, .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            path: "loadtest/chaos",
            swiftSettings: settings
        ),
        // Runs the program under load and says how fast it was, and what it took.
        .executableTarget(
            name: "load",
            dependencies: [
                "Analysis", "ConfigFormats", "Demo", "EventFormats", "HTTPTransport", "Judging", "Kafka", "LoadBench",
                histogram, logging, nioCore, nioHTTP, nioPosix,
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            path: "loadtest/load",
            swiftSettings: settings
        ),
        // Runs whole engines from seeds in a world that goes wrong.
        .executableTarget(
            name: "simulate",
            dependencies: ["Simulation", .product(name: "ArgumentParser", package: "swift-argument-parser")],
            path: "loadtest/simulate",
            swiftSettings: settings
        ),

        // Tests.
        // Starts programs, and waits for them on no thread of Swift's pool.
        .target(name: "TestPrograms", path: "Tests/TestPrograms", swiftSettings: settings),
        .target(
            name: "HTTPTestServer",
            dependencies: ["HTTPTransport", "TestPrograms"],
            path: "Tests/HTTPTestServer",
            swiftSettings: settings
        ),
        .target(
            name: "ReferenceJudge",
            dependencies: ["Judging"],
            path: "Tests/ReferenceJudge",
            swiftSettings: settings
        ),
        .testTarget(
            name: "JudgingTests",
            dependencies: ["Judging", "JudgingKernels", "ReferenceJudge"],
            resources: [.copy("Resources")],
            swiftSettings: settings
        ),
        .testTarget(name: "AnalysisTests", dependencies: ["Analysis", "Judging"], swiftSettings: settings),
        .testTarget(
            name: "ConfigFormatsTests",
            dependencies: ["Analysis", "ConfigFormats", "Judging"],
            resources: [.copy("Resources")],
            swiftSettings: settings
        ),
        .testTarget(
            name: "EventFormatsTests",
            dependencies: ["Analysis", "EventFormats", "Judging"],
            swiftSettings: settings
        ),
        // Threads and locks of libraries as the thread sanitizer sees them; empty without it.
        .target(name: "SanitizerThreads", path: "Tests/SanitizerThreads"),
        .testTarget(name: "ThreadsTests", dependencies: ["Threads"], swiftSettings: settings),
        .testTarget(
            name: "KafkaTests",
            dependencies: ["Kafka", "SanitizerThreads", "TestPrograms", logging],
            swiftSettings: settings
        ),
        .target(
            name: "PostgresTestServer",
            dependencies: ["TestPrograms"],
            path: "Tests/PostgresTestServer",
            swiftSettings: settings
        ),
        .testTarget(
            name: "PostgresTests",
            dependencies: ["HTTPTestServer", "Postgres", "PostgresTestServer", logging],
            swiftSettings: settings
        ),
        .testTarget(
            name: "HTTPTransportTests",
            dependencies: ["HTTPTestServer", "HTTPTransport", "TestPrograms"],
            swiftSettings: settings
        ),
        .target(name: "PromQLLexer", path: "Tests/PromQLLexer", swiftSettings: settings),
        .testTarget(
            name: "PrometheusTests",
            dependencies: ["HTTPTestServer", "HTTPTransport", "PromQLLexer", "Prometheus", "TestPrograms"],
            swiftSettings: settings
        ),
        .testTarget(
            name: "GrafanaTests",
            dependencies: ["Grafana", "HTTPTestServer", "HTTPTransport"],
            swiftSettings: settings
        ),
        .testTarget(
            name: "KubernetesTests",
            dependencies: ["HTTPTestServer", "HTTPTransport", "Kubernetes"],
            swiftSettings: settings
        ),
        // Whole engines in a world that goes wrong, from a seed.
        .target(
            name: "Simulation",
            dependencies: [
                "Analysis", "ConfigFormats", "Engine", "EventFormats", "HTTPTransport", "Judging", "Kafka", "Rollout",
                "Store", "Telemetry", logging,
            ],
            path: "Tests/Simulation",
            swiftSettings: settings
        ),
        .testTarget(
            name: "SimulationTests",
            dependencies: ["Analysis", "Simulation"],
            swiftSettings: settings
        ),
        .testTarget(
            name: "StoreTests",
            dependencies: ["Analysis", "Judging", "Postgres", "PostgresTestServer", "Simulation", "Store", logging],
            swiftSettings: settings
        ),
        .testTarget(name: "TelemetryTests", dependencies: ["Telemetry"], swiftSettings: settings),
        .testTarget(
            name: "EngineTests",
            dependencies: [
                "Analysis", "ConfigFormats", "Engine", "EventFormats", "Grafana", "HTTPTransport", "Judging", "Kafka",
                "PromQLLexer", "Prometheus", "Store", "Telemetry", logging,
            ],
            swiftSettings: settings
        ),
        .testTarget(
            name: "RolloutTests",
            dependencies: [
                "Analysis", "EventFormats", "HTTPTransport", "Judging", "Kafka", "Kubernetes", "Rollout", logging,
            ],
            swiftSettings: settings
        ),
        .testTarget(
            name: "WebTests",
            dependencies: [
                "Analysis", "ConfigFormats", "Engine", "EventFormats", "HTTPTestServer", "Judging", "Store",
                "Telemetry", "Threads", "Web",
                hummingbird, logging, nioCore, .product(name: "HummingbirdTesting", package: "hummingbird"),
            ],
            swiftSettings: settings
        ),
        .testTarget(
            name: "DemoTests",
            dependencies: [
                "Analysis", "ConfigFormats", "Demo", "EventFormats", "HTTPTransport", "Judging", "Kafka",
                "TestPrograms", logging,
            ],
            swiftSettings: settings
        ),
        .testTarget(
            name: "AssayTests",
            dependencies: [
                "Analysis", "EventFormats", "Grafana", "HTTPTestServer", "HTTPTransport", "Judging", "Kafka",
                "Postgres", "Prometheus", "Rollout", "Telemetry", "TestPrograms", "assay", logging,
            ],
            resources: [.copy("Connections/kafka_gateway.py")],
            swiftSettings: settings
        ),
        .testTarget(
            name: "DocsTests",
            dependencies: [
                "ConfigFormats", "EventFormats", "Judging", "PostgresTestServer", "TestPrograms", "assay",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: settings
        ),
        // What the fuzzers check, on each of their seeds. Tests/Fuzzing searches for more.
        .testTarget(
            name: "InputTests",
            dependencies: [
                "Analysis", "ConfigFormats", "Engine", "EventFormats", "Grafana", "HTTPTransport", "Judging", "Kafka",
                "Kubernetes", "Postgres", "PromQLLexer", "Prometheus", "ReferenceJudge", "Rollout", "Store", "Web",
            ],
            swiftSettings: settings
        ),
        .testTarget(
            name: "ChaosTests",
            dependencies: ["Analysis", "Judging", "LoadBench", "chaos"],
            swiftSettings: settings
        ),
        .testTarget(
            name: "LoadTests",
            dependencies: [
                "Analysis", "ConfigFormats", "HTTPTestServer", "HTTPTransport", "Judging", "LoadBench", "load",
                histogram,
            ],
            swiftSettings: settings
        ),
        // Runs the program itself, with a real Prometheus and kcat.
        .testTarget(
            name: "EndToEndTests",
            dependencies: [
                "Analysis", "Demo", "EventFormats", "HTTPTestServer", "HTTPTransport", "Judging", "Kafka", logging,
                .product(name: "GRDB", package: "GRDB.swift"),
            ],
            swiftSettings: settings
        ),
    ]
)
