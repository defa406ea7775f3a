// swift-tools-version: 6.2

import PackageDescription

let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .treatAllWarnings(as: .error),
]

/// What libFuzzer sees of a target, beside which it would trace every comparison: with all the sorting that takes most
/// of the time. Of the reference it need not see branches.
func coverage(_ kind: String) -> SwiftSetting {
    .unsafeFlags(["-sanitize-coverage=\(kind),inline-8bit-counters,pc-table"])
}

// A package of its own: only what is fuzzed is compiled, and unsafe flags stay out of the product's manifest. Built by
// scripts/fuzz with `--sanitize fuzzer`, which measures coverage and links libFuzzer's `main`.
let package = Package(
    name: "fuzzing",
    platforms: [.macOS(.v15)],
    targets: [
        .target(name: "JudgingKernels", path: "Product/JudgingKernels"),
        .target(
            name: "Judging",
            dependencies: ["JudgingKernels"],
            path: "Product/Judging",
            swiftSettings: settings + [coverage("edge")],
            linkerSettings: [.linkedLibrary("m")]
        ),
        .target(
            name: "ReferenceJudge",
            dependencies: ["Judging"],
            path: "ReferenceJudge",
            swiftSettings: settings + [coverage("func")]
        ),
        .executableTarget(name: "fuzz", dependencies: ["Judging", "ReferenceJudge"], swiftSettings: settings),
    ]
)
