// swift-tools-version: 6.2

import PackageDescription

let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .treatAllWarnings(as: .error),
]

let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let deque = Target.Dependency.product(name: "DequeModule", package: "swift-collections")
let heap = Target.Dependency.product(name: "HeapModule", package: "swift-collections")
let histogram = Target.Dependency.product(name: "Histogram", package: "hdrhistogram-swift")
let hummingbird = Target.Dependency.product(name: "Hummingbird", package: "hummingbird")
let hummingbirdCore = Target.Dependency.product(name: "HummingbirdCore", package: "hummingbird")
let jwt = Target.Dependency.product(name: "JWTKit", package: "jwt-kit")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let mustache = Target.Dependency.product(name: "Mustache", package: "swift-mustache")
let metrics = Target.Dependency.product(name: "CoreMetrics", package: "swift-metrics")
let nioHTTPTypes = Target.Dependency.product(name: "NIOHTTPTypes", package: "swift-nio-extras")
let nioHTTPTypesHTTP1 = Target.Dependency.product(name: "NIOHTTPTypesHTTP1", package: "swift-nio-extras")
let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioHTTP = Target.Dependency.product(name: "NIOHTTP1", package: "swift-nio")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
let serviceLifecycle = Target.Dependency.product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let unixSignals = Target.Dependency.product(name: "UnixSignals", package: "swift-service-lifecycle")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")

let package = Package(
    name: "assay",
    platforms: [.macOS(.v15)],
    products: [
        .executable(name: "assay", targets: ["assay"]),
        .executable(name: "assay-demo", targets: ["assay-demo"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-crypto", "3.12.3"..<"5.0.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.2"),
        .package(url: "https://github.com/HdrHistogram/hdrhistogram-swift", from: "0.2.0"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1", traits: []),
        .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/vapor/jwt-kit", from: "5.7.1"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ],
    targets: [
        // The core: values and rules, no I/O, no clock.
        .target(name: "JudgingKernels", path: "Sources/Core/JudgingKernels"),
        .target(
            name: "Judging",
            dependencies: ["JudgingKernels", "Text"],
            path: "Sources/Core/Judging",
            swiftSettings: settings + [.strictMemorySafety()],
            linkerSettings: [.linkedLibrary("m")]
        ),
        .target(name: "Text", path: "Sources/Core/Text", swiftSettings: settings),
        .target(
            name: "Analysis",
            dependencies: ["Judging", "Text"],
            path: "Sources/Core/Analysis",
            swiftSettings: settings
        ),

        // Bytes from outside, and the core's values.
        .target(name: "JSON", dependencies: ["Text"], path: "Sources/Formats/JSON", swiftSettings: settings),
        .target(
            name: "EventFormats",
            dependencies: ["Analysis", "JSON", "Judging", "Text", crypto],
            path: "Sources/Formats/EventFormats",
            swiftSettings: settings
        ),
        // What the store keeps, apart from the domain's types.
        .target(
            name: "StoredFormats",
            dependencies: ["Analysis", "Judging"],
            path: "Sources/Formats/StoredFormats",
            swiftSettings: settings
        ),
        .target(name: "PromQL", path: "Sources/Formats/PromQL", swiftSettings: settings),
        .target(
            name: "PlanFormats",
            dependencies: [
                "Analysis", "EventFormats", "Judging", "Notifications", "PromQL", "StoredFormats", "Text", "TextFiles",
                crypto, yams,
            ],
            path: "Sources/Formats/PlanFormats",
            swiftSettings: settings
        ),
        .target(
            name: "JudgeInputs",
            dependencies: ["Analysis", "JSON", "Judging", "Text"],
            path: "Sources/Formats/JudgeInputs",
            swiftSettings: settings
        ),

        // What Kayenta's API takes and answers.
        .target(
            name: "KayentaFormats",
            dependencies: ["Analysis", "JSON", "JudgeInputs", "Text"],
            path: "Sources/Formats/KayentaFormats",
            swiftSettings: settings
        ),

        // Verdicts, judgements and actions for people: lines of a terminal, Markdown.
        .target(
            name: "Reports",
            dependencies: ["Analysis", "Judging", "PromQL", "Text"],
            path: "Sources/Formats/Reports",
            swiftSettings: settings
        ),

        // Where verdicts are told, and in which shape.
        .target(
            name: "Notifications",
            dependencies: ["Analysis", "JSON", "Judging", "Reports", "StoredFormats", "Text"],
            path: "Sources/Formats/Notifications",
            swiftSettings: settings
        ),

        // The same as pages of the web: templates with styles, embedded in the program.
        .target(
            name: "ReportPages",
            dependencies: ["Analysis", "Judging", "PlanFormats", "Reports", "Text", mustache],
            path: "Sources/Formats/ReportPages",
            resources: [
                .embedInCode("Templates/page.mustache"), .embedInCode("Templates/report.mustache"),
                .embedInCode("Templates/metric.mustache"), .embedInCode("Templates/one.mustache"),
                .embedInCode("Templates/list.mustache"), .embedInCode("Templates/past.mustache"),
                .embedInCode("Templates/error.mustache"),
                .embedInCode("Templates/decide.mustache"),
                .embedInCode("Templates/application.mustache"), .embedInCode("Templates/plans.mustache"),
                .embedInCode("Templates/plan.mustache"),
                .embedInCode("Assets/style.css"), .embedInCode("Assets/live.js"),
            ],
            swiftSettings: settings
        ),

        // Judges over recorded and simulated series: how often they are wrong, and how soon they are right.
        .target(
            name: "Evaluation",
            dependencies: ["Analysis", "JSON", "Judging", "Reports", "Text", "TextFiles"],
            path: "Sources/Evaluation",
            swiftSettings: settings
        ),

        // C libraries.
        .systemLibrary(
            name: "CRDKafka",
            path: "Sources/Clients/CRDKafka",
            pkgConfig: "rdkafka",
            providers: [.apt(["librdkafka-dev"])]
        ),
        .systemLibrary(
            name: "CCurl",
            path: "Sources/Clients/CCurl",
            pkgConfig: "libcurl",
            providers: [.apt(["libcurl4-openssl-dev"])]
        ),
        .systemLibrary(
            name: "CPostgres",
            path: "Sources/Clients/CPostgres",
            pkgConfig: "libpq",
            providers: [.apt(["libpq-dev"])]
        ),

        // Ways in and out.
        .target(name: "CProcess", path: "Sources/Platform/CProcess"),
        .target(name: "TextFiles", path: "Sources/Platform/TextFiles", swiftSettings: settings),
        .target(
            name: "Concurrency",
            dependencies: [deque],
            path: "Sources/Platform/Concurrency",
            swiftSettings: settings
        ),
        .target(
            name: "Kafka",
            dependencies: ["CRDKafka", "Concurrency", deque, logging],
            path: "Sources/Clients/Kafka",
            swiftSettings: settings
        ),
        .target(
            name: "HTTPTransport",
            dependencies: ["CCurl", "Concurrency", deque, heap],
            path: "Sources/Clients/HTTPTransport",
            swiftSettings: settings
        ),
        .target(
            name: "Mail",
            dependencies: ["CCurl", "Concurrency", "HTTPTransport"],
            path: "Sources/Clients/Mail",
            swiftSettings: settings
        ),
        .target(
            name: "Postgres",
            dependencies: ["CPostgres", "Concurrency", "Text", deque, logging],
            path: "Sources/Clients/Postgres",
            swiftSettings: settings
        ),
        .target(
            name: "Prometheus",
            dependencies: ["Analysis", "HTTPTransport", "PromQL"],
            path: "Sources/MetricSources/Prometheus",
            swiftSettings: settings
        ),
        .target(
            name: "Grafana",
            dependencies: ["HTTPTransport"],
            path: "Sources/Clients/Grafana",
            swiftSettings: settings
        ),
        .target(
            name: "Kubernetes",
            dependencies: ["HTTPTransport", "JSON"],
            path: "Sources/Clients/Kubernetes",
            swiftSettings: settings
        ),
        .target(
            name: "Store",
            dependencies: [
                "Analysis", "Judging", "Postgres", "StoredFormats", "Text", logging,
                .product(name: "GRDB", package: "GRDB.swift"),
            ],
            path: "Sources/Store",
            swiftSettings: settings
        ),
        .target(
            name: "Telemetry",
            dependencies: [metrics],
            path: "Sources/Platform/Telemetry",
            swiftSettings: settings
        ),

        // What drives the core.
        .target(
            name: "Engine",
            dependencies: [
                "Analysis", "Concurrency", "EventFormats", "Grafana", "HTTPTransport", "Judging", "Kafka", "Mail",
                "Notifications", "PlanFormats", "Prometheus", "Store", "StoredFormats", "Telemetry", "Text", logging,
                serviceLifecycle,
            ],
            path: "Sources/Engine",
            swiftSettings: settings
        ),
        // Kayenta's API: its configs, and its executions.
        .target(
            name: "Kayenta",
            dependencies: [
                "Analysis", "Concurrency", "Engine", "JSON", "JudgeInputs", "KayentaFormats", "Prometheus", "Store",
                "Text",
                logging, serviceLifecycle,
            ],
            path: "Sources/Kayenta",
            swiftSettings: settings
        ),
        .target(
            name: "Rollout",
            dependencies: [
                "Analysis", "Concurrency", "EventFormats", "HTTPTransport", "JSON", "Judging", "Kafka", "Kubernetes",
                "Text", logging,
            ],
            path: "Sources/Rollout",
            swiftSettings: settings
        ),
        .target(
            name: "Web",
            dependencies: [
                "Analysis", "Concurrency", "Engine", "EventFormats", "JSON", "Judging", "Kayenta", "KayentaFormats",
                "PlanFormats", "ReportPages", "Reports", "Store", "Telemetry", "Text",
                hummingbird, hummingbirdCore, jwt, logging, nioCore, nioHTTP, nioHTTPTypes, nioHTTPTypesHTTP1,
                serviceLifecycle,
            ],
            path: "Sources/Web",
            resources: [.embedInCode("OpenAPI/openapi.json")],
            swiftSettings: settings
        ),
        // Everything put together: settings, plans, the two services, the client of pipelines.
        .target(
            name: "Service",
            dependencies: [
                "Analysis", "CProcess", "Concurrency", "Engine", "EventFormats", "Grafana", "HTTPTransport", "JSON",
                "Judging", "Kafka", "Kayenta", "Kubernetes", "Mail", "Notifications", "PlanFormats", "Postgres",
                "Prometheus",
                "ReportPages", "Reports", "Rollout", "Store", "Telemetry", "Text", "TextFiles", "Web", hummingbird,
                logging,
                metrics, nioCore, serviceLifecycle,
                unixSignals,
            ],
            path: "Sources/Service",
            swiftSettings: settings
        ),
        .executableTarget(
            name: "assay",
            dependencies: [
                "Analysis", "Evaluation", "EventFormats", "JSON", "JudgeInputs", "Judging", "PlanFormats",
                "ReportPages",
                "Reports", "Service", "Text", "TextFiles",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            path: "Sources/assay",
            swiftSettings: settings
        ),

        // The demonstration. Nothing that ships depends on it.
        .target(
            name: "Demo",
            dependencies: [
                "Analysis", "EventFormats", "HTTPTransport", "Judging", "Kafka", "Processes", "Reports", hummingbird,
                logging, nioCore,
            ],
            path: "examples/demo/Demo",
            swiftSettings: settings
        ),
        .executableTarget(
            name: "assay-demo",
            dependencies: ["Demo", "Service", .product(name: "ArgumentParser", package: "swift-argument-parser")],
            path: "examples/demo/assay-demo",
            swiftSettings: settings
        ),

        // What programs share that run others, and count.
        .target(
            name: "LoadRig",
            dependencies: [
                "Analysis", "Demo", "EventFormats", "HTTPTransport", "Kafka", "Processes", logging, unixSignals,
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            path: "loadtest/Rig",
            swiftSettings: settings
        ),
        // A back end that answers as Prometheus does, of series that are functions of time.
        .target(
            name: "SyntheticBackEnd",
            dependencies: ["SeededRandom", nioCore, nioHTTP, nioPosix],
            path: "loadtest/BackEnd",
            swiftSettings: settings
        ),
        // Runs the program under load while its processes, its database, its broker and its back end fail.
        .executableTarget(
            name: "chaos",
            dependencies: [
                "Analysis", "Demo", "EventFormats", "Judging", "Kafka", "LoadRig", "Processes", "SeededRandom",
                hummingbird, logging, nioCore, .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            path: "loadtest/chaos",
            swiftSettings: settings
        ),
        // Runs the program under load and says how fast it was, and what it took.
        .executableTarget(
            name: "load",
            dependencies: [
                "Analysis", "Demo", "EventFormats", "Judging", "Kafka", "LoadRig", "Processes", "SeededRandom",
                "SyntheticBackEnd", histogram, .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            path: "loadtest/load",
            swiftSettings: settings
        ),
        // Attacks the program, one attack after the other, while good releases go on, and counts.
        .executableTarget(
            name: "soak",
            dependencies: [
                "Analysis", "Demo", "EventFormats", "HTTPTransport", "JSON", "Judging", "Kafka", "LoadRig", "Processes",
                "SeededRandom", "SyntheticBackEnd", histogram,
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            path: "loadtest/soak",
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
        .target(name: "CSpawn", path: "Tests/Support/CSpawn"),
        .target(
            name: "Processes",
            dependencies: ["CSpawn", unixSignals],
            path: "Tests/Support/Processes",
            swiftSettings: settings
        ),
        .testTarget(
            name: "ProcessesTests",
            dependencies: ["Processes"],
            path: "Tests/Unit/ProcessesTests",
            swiftSettings: settings
        ),
        .target(
            name: "HTTPTestServer",
            dependencies: ["HTTPTransport", "Processes"],
            path: "Tests/Support/HTTPTestServer",
            swiftSettings: settings
        ),
        .target(
            name: "KafkaGateway",
            dependencies: ["HTTPTestServer", "Kafka", "Processes"],
            path: "Tests/Support/KafkaGateway",
            resources: [.copy("kafka_gateway.py"), .copy("kafka_rights.py")],
            swiftSettings: settings
        ),
        .target(
            name: "ReferenceJudge",
            dependencies: ["Judging"],
            path: "Tests/Support/ReferenceJudge",
            swiftSettings: settings
        ),
        .testTarget(
            name: "JudgingTests",
            dependencies: ["Judging", "JudgingKernels", "ReferenceJudge", "SeededRandom"],
            path: "Tests/Unit/JudgingTests",
            resources: [.copy("Resources")],
            swiftSettings: settings
        ),
        .testTarget(
            name: "TextFilesTests",
            dependencies: ["TextFiles"],
            path: "Tests/Unit/TextFilesTests",
            swiftSettings: settings
        ),
        .testTarget(name: "TextTests", dependencies: ["Text"], path: "Tests/Unit/TextTests", swiftSettings: settings),
        .testTarget(name: "JSONTests", dependencies: ["JSON"], path: "Tests/Unit/JSONTests", swiftSettings: settings),
        .testTarget(
            name: "AnalysisTests",
            dependencies: ["Analysis", "Judging", "SeededRandom", "StoredFormats"],
            path: "Tests/Unit/AnalysisTests",
            swiftSettings: settings
        ),
        .testTarget(
            name: "JudgeInputsTests",
            dependencies: ["Analysis", "JSON", "JudgeInputs"],
            path: "Tests/Unit/JudgeInputsTests",
            resources: [.copy("Resources")],
            swiftSettings: settings
        ),
        .testTarget(
            name: "KayentaFormatsTests",
            dependencies: ["Analysis", "JSON", "KayentaFormats"],
            path: "Tests/Unit/KayentaFormatsTests",
            swiftSettings: settings
        ),
        .testTarget(
            name: "KayentaTests",
            dependencies: [
                "Analysis", "Concurrency", "Engine", "HTTPTransport", "JSON", "Kayenta", "KayentaFormats", "Prometheus",
                "Store",
                logging,
            ],
            path: "Tests/Unit/KayentaTests",
            swiftSettings: settings
        ),
        .testTarget(
            name: "ReportsTests",
            dependencies: ["Analysis", "EventFormats", "Judging", "Reports"],
            path: "Tests/Unit/ReportsTests",
            swiftSettings: settings
        ),
        .testTarget(
            name: "ReportPagesTests",
            dependencies: ["Analysis", "Judging", "PlanFormats", "ReportPages", "Reports"],
            path: "Tests/Unit/ReportPagesTests",
            swiftSettings: settings
        ),
        .testTarget(
            name: "EvaluationTests",
            dependencies: ["Evaluation", "JSON", "Judging"],
            path: "Tests/Unit/EvaluationTests",
            swiftSettings: settings
        ),
        .testTarget(
            name: "PlanFormatsTests",
            dependencies: [
                "Analysis", "EventFormats", "Judging", "Notifications", "PlanFormats", "PromQL", "StoredFormats",
            ],
            path: "Tests/Unit/PlanFormatsTests",
            swiftSettings: settings
        ),
        .testTarget(
            name: "NotificationsTests",
            dependencies: ["Analysis", "JSON", "Judging", "Notifications", "StoredFormats"],
            path: "Tests/Unit/NotificationsTests",
            swiftSettings: settings
        ),
        .testTarget(
            name: "PromQLTests",
            dependencies: ["Processes", "PromQL", "SeededRandom"],
            path: "Tests/Unit/PromQLTests",
            swiftSettings: settings
        ),
        .testTarget(
            name: "EventFormatsTests",
            dependencies: ["Analysis", "EventFormats", "JSON", "Judging", "Text"],
            path: "Tests/Unit/EventFormatsTests",
            swiftSettings: settings
        ),
        // Fills a store with an analysis in each state, for pages to be looked at.
        .executableTarget(
            name: "page-gallery",
            dependencies: ["Analysis", "EventFormats", "Judging", "Store"],
            path: "Tests/Support/PageGallery",
            swiftSettings: settings
        ),
        // Random numbers that follow from a seed.
        .target(name: "SeededRandom", path: "Tests/Support/SeededRandom", swiftSettings: settings),
        // Threads and locks of libraries as the thread sanitizer sees them; empty without it.
        .target(name: "SanitizerThreads", path: "Tests/Support/SanitizerThreads"),
        .testTarget(
            name: "ConcurrencyTests",
            dependencies: ["Concurrency"],
            path: "Tests/Unit/ConcurrencyTests",
            swiftSettings: settings
        ),
        .testTarget(
            name: "KafkaTests",
            dependencies: ["Kafka", "Processes", "SanitizerThreads", logging],
            path: "Tests/Unit/KafkaTests",
            swiftSettings: settings
        ),
        .target(
            name: "PostgresTestServer",
            dependencies: ["Processes"],
            path: "Tests/Support/PostgresTestServer",
            swiftSettings: settings
        ),
        .testTarget(
            name: "PostgresTests",
            dependencies: ["HTTPTestServer", "Postgres", "PostgresTestServer", "SeededRandom", logging],
            path: "Tests/Unit/PostgresTests",
            swiftSettings: settings
        ),
        .testTarget(
            name: "HTTPTransportTests",
            dependencies: ["Concurrency", "HTTPTestServer", "HTTPTransport", "Processes"],
            path: "Tests/Unit/HTTPTransportTests",
            swiftSettings: settings
        ),
        .testTarget(
            name: "MailTests",
            dependencies: ["HTTPTestServer", "HTTPTransport", "Mail"],
            path: "Tests/Unit/MailTests",
            swiftSettings: settings
        ),
        .target(name: "PromQLLexer", path: "Tests/Support/PromQLLexer", swiftSettings: settings),
        .testTarget(
            name: "PrometheusTests",
            dependencies: [
                "Analysis", "HTTPTestServer", "HTTPTransport", "Processes", "PromQL", "PromQLLexer", "Prometheus",
                "SeededRandom",
            ],
            path: "Tests/Unit/PrometheusTests",
            swiftSettings: settings
        ),
        .testTarget(
            name: "GrafanaTests",
            dependencies: ["Grafana", "HTTPTransport"],
            path: "Tests/Unit/GrafanaTests",
            swiftSettings: settings
        ),
        .testTarget(
            name: "KubernetesTests",
            dependencies: ["HTTPTestServer", "HTTPTransport", "Kubernetes"],
            path: "Tests/Unit/KubernetesTests",
            swiftSettings: settings
        ),
        // Whole engines in a world that goes wrong, from a seed.
        .target(
            name: "Simulation",
            dependencies: [
                "Analysis", "Concurrency", "Engine", "EventFormats", "HTTPTransport", "Judging", "Kafka", "PlanFormats",
                "Rollout", "SeededRandom", "Store", "Telemetry", logging,
            ],
            path: "Tests/Support/Simulation",
            swiftSettings: settings
        ),
        // What earlier versions stored and published.
        .target(
            name: "StoredFixtures",
            path: "Tests/Support/StoredFixtures",
            resources: [.copy("Fixtures")],
            swiftSettings: settings
        ),
        .testTarget(
            name: "StoredFormatsTests",
            dependencies: [
                "Analysis", "EventFormats", "JSON", "Judging", "SeededRandom", "StoredFixtures", "StoredFormats",
            ],
            path: "Tests/Unit/StoredFormatsTests",
            swiftSettings: settings
        ),
        // Goes on with what an earlier version left behind.
        .testTarget(
            name: "UpgradeTests",
            dependencies: [
                "Analysis", "Concurrency", "Engine", "EventFormats", "Judging", "Kafka", "Postgres",
                "PostgresTestServer", "Store", "StoredFixtures", "StoredFormats", "Telemetry", logging,
            ],
            path: "Tests/Integration/UpgradeTests",
            swiftSettings: settings
        ),
        .testTarget(
            name: "SimulationTests",
            dependencies: ["Analysis", "SeededRandom", "Simulation"],
            path: "Tests/Integration/SimulationTests",
            swiftSettings: settings
        ),
        .testTarget(
            name: "StoreTests",
            dependencies: [
                "Analysis", "Judging", "Postgres", "PostgresTestServer", "SeededRandom", "Simulation", "Store",
                "StoredFormats", logging, .product(name: "GRDB", package: "GRDB.swift"),
            ],
            path: "Tests/Unit/StoreTests",
            swiftSettings: settings
        ),
        .testTarget(
            name: "TelemetryTests",
            dependencies: ["Telemetry", metrics],
            path: "Tests/Unit/TelemetryTests",
            swiftSettings: settings
        ),
        .testTarget(
            name: "EngineTests",
            dependencies: [
                "Analysis", "Concurrency", "Engine", "EventFormats", "Grafana", "HTTPTestServer", "HTTPTransport",
                "JSON", "Judging", "Kafka", "Mail", "Notifications", "PlanFormats", "Postgres", "PostgresTestServer",
                "PromQLLexer", "Prometheus",
                "Simulation", "Store", "StoredFormats", "Telemetry", logging,
            ],
            path: "Tests/Unit/EngineTests",
            swiftSettings: settings
        ),
        .testTarget(
            name: "RolloutTests",
            dependencies: [
                "Analysis", "Concurrency", "EventFormats", "HTTPTransport", "JSON", "Judging", "Kafka", "KafkaGateway",
                "Kubernetes", "Rollout", logging,
            ],
            path: "Tests/Unit/RolloutTests",
            swiftSettings: settings
        ),
        .testTarget(
            name: "WebTests",
            dependencies: [
                "Analysis", "Concurrency", "Engine", "EventFormats", "HTTPTestServer", "JSON", "Kayenta",
                "KayentaFormats", "PlanFormats", "Store",
                "Telemetry", "Web", crypto, hummingbird, logging, nioCore,
                .product(name: "HummingbirdTesting", package: "hummingbird"),
            ],
            path: "Tests/Unit/WebTests",
            swiftSettings: settings
        ),
        .testTarget(
            name: "DemoTests",
            dependencies: [
                "Analysis", "Demo", "EventFormats", "HTTPTransport", "Judging", "Kafka", "PlanFormats", "Processes",
                "Reports", logging,
            ],
            path: "Tests/Unit/DemoTests",
            swiftSettings: settings
        ),
        .testTarget(
            name: "ServiceTests",
            dependencies: [
                "Analysis", "CProcess", "Concurrency", "Engine", "EventFormats", "Grafana", "HTTPTestServer",
                "HTTPTransport", "JSON", "Judging", "Kafka", "KafkaGateway", "PlanFormats", "Processes", "Prometheus",
                "Rollout", "Service", "Store", "Telemetry", "Web", logging,
            ],
            path: "Tests/Unit/ServiceTests",
            swiftSettings: settings
        ),
        .testTarget(
            name: "AssayTests",
            dependencies: [
                "Analysis", "JSON", "Judging", "Processes", "Reports", "Service", "assay",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            path: "Tests/Unit/AssayTests",
            swiftSettings: settings
        ),
        .testTarget(
            name: "DocsTests",
            dependencies: [
                "EventFormats", "Judging", "PlanFormats", "PostgresTestServer", "Processes", "Service", "Text", "assay",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            path: "Tests/Integration/DocsTests",
            swiftSettings: settings
        ),
        // What the fuzzers check, on each of their seeds. Tests/Fuzzing searches for more.
        .testTarget(
            name: "InputTests",
            dependencies: [
                "Analysis", "Engine", "EventFormats", "Grafana", "HTTPTransport", "JSON", "JudgeInputs", "Judging",
                "Kafka", "KayentaFormats", "Kubernetes", "Notifications", "PlanFormats", "Postgres", "PromQL",
                "PromQLLexer",
                "Prometheus",
                "ReferenceJudge", "Rollout", "Store", "StoredFormats", "Web",
            ],
            path: "Tests/Unit/InputTests",
            swiftSettings: settings
        ),
        .testTarget(
            name: "ChaosTests",
            dependencies: ["Analysis", "Judging", "LoadRig", "chaos"],
            path: "Tests/Unit/ChaosTests",
            swiftSettings: settings
        ),
        .testTarget(
            name: "LoadTests",
            dependencies: [
                "Analysis", "HTTPTestServer", "HTTPTransport", "Judging", "LoadRig", "PlanFormats", "SyntheticBackEnd",
                "load", histogram,
            ],
            path: "Tests/Unit/LoadTests",
            swiftSettings: settings
        ),
        .testTarget(
            name: "SoakTests",
            dependencies: ["Analysis", "LoadRig", "PlanFormats", "SyntheticBackEnd", "soak", histogram],
            path: "Tests/Unit/SoakTests",
            swiftSettings: settings
        ),
        // Runs the program itself, with a real Prometheus and kcat.
        .testTarget(
            name: "EndToEndTests",
            dependencies: [
                "Analysis", "Demo", "EventFormats", "HTTPTestServer", "HTTPTransport", "JSON", "Judging", "Kafka",
                "KafkaGateway", "Processes", logging, .product(name: "GRDB", package: "GRDB.swift"),
            ],
            path: "Tests/Integration/EndToEndTests",
            swiftSettings: settings
        ),
    ]
)
