import Demo
import Kafka
import Logging
import Testing

extension EndToEndTests {
    /// The demonstration, as `assay-demo` runs it.
    @Suite("The demo's path", .serialized, .timeLimit(.minutes(5)))
    struct DemoPathTests {
        @Test("The healthy release is promoted, the broken one is aborted early")
        func bothReleases() async throws {
            let record = try await DemoRecord.run(pace: .fast, releases: [.healthy, .broken])
            record.expectRightEndings()
            #expect(record.outcome.exitCode == 0)
        }
    }
}
