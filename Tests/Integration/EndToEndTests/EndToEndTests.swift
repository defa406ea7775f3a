import Testing

/// The program itself, as its users run it, with real Prometheus and Kafka's own command-line client.
///
/// One after the other: these tests need processor time and are about time.
@Suite(
    "End to end",
    .serialized,
    .enabled(if: Programs.assay != nil, "needs the built program: swift build, or ASSAY_EXECUTABLE"),
    .enabled(if: Programs.missing.isEmpty, "needs the programs prometheus, promtool and kcat")
)
struct EndToEndTests {}
