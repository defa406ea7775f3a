import Testing

/// The program itself, as its users run it, with real Prometheus and Kafka's own command-line client.
///
/// Three suites at once, each with its tests one after the other: they mostly wait, for times that plans name, and leave a
/// machine of two processors nearly idle.
@Suite("End to end", .serialized, .needsProgram, .needsOthers)
struct EndToEndTests {}

/// What a pipeline calls and hears, and the programs that put the service under load.
@Suite("Commands and load end to end", .serialized, .needsProgram, .needsOthers)
struct CommandEndToEndTests {}

/// The demonstration, and its processes killed.
@Suite("The demo end to end", .serialized, .needsProgram, .needsOthers)
struct DemoEndToEndTests {}

extension Trait where Self == ConditionTrait {
    fileprivate static var needsProgram: Self {
        .enabled(if: Programs.assay != nil, "needs the built program: swift build, or ASSAY_EXECUTABLE")
    }

    fileprivate static var needsOthers: Self {
        .enabled(if: Programs.missing.isEmpty, "needs the programs prometheus, promtool and kcat")
    }
}
