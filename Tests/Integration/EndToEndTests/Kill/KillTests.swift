import Analysis
import Demo
import Processes
import Testing

extension DemoEndToEndTests {
    /// `kill -9` at the moments where something could be lost or done twice, and a start with the same arguments.
    @Suite("Killed processes", .serialized, .timeLimit(.minutes(5)))
    struct KillTests {
        /// A release in a minute at most: a killed Prometheus loses several seconds of samples, and what is left has to show
        /// that errors are rare, and that latencies are as before.
        static let pace = DemoPace(
            name: "short",
            scrapeInterval: .milliseconds(250),
            rateWindow: .seconds(1),
            schedule: AnalysisSchedule(
                warmup: .seconds(4),
                step: .seconds(1),
                interval: .seconds(5),
                lifetime: .seconds(60),
                delay: .seconds(2),
                deadline: .seconds(60)
            ),
            minimumSamples: 5,
            requestsPerSecond: 160,
            canaryWeight: 25
        )

        @Test("The service: after the event, between and during looks, at verdicts and at the final verdict")
        func serve() async throws {
            let record = try await DemoRecord.run(pace: Self.pace, releases: [.healthy, .broken]) { moment in
                switch moment {
                case .deployed("1.1.0"), .look("1.1.0", 1), .finalVerdict: return [DemoFault(kill: .serve)]
                case .look("1.1.0", 2):
                    await Self.nextLook(after: 0.99)
                    return [DemoFault(kill: .serve)]
                case .deployed("1.2.0"): return [DemoFault(kill: .serve, downtime: .seconds(2))]
                default: return []
                }
            }
            record.expectRightEndings()
            #expect(record.kills == [.serve: 6])
        }

        @Test("Controller, service and Prometheus: at the final verdict, after the action, during looks")
        func all() async throws {
            // The last kill comes after the last action: whether it is done again shows only once the controller is
            // back in its group.
            let settle = Duration.seconds(12)
            let record = try await DemoRecord.run(
                pace: Self.pace,
                releases: [.healthy, .broken],
                settle: settle
            ) { moment in
                switch moment {
                case .deployed("1.1.0"): return [DemoFault(kill: .rollout)]
                case .look("1.1.0", 1): return [DemoFault(kill: .prometheus, downtime: .seconds(2))]
                case .look("1.1.0", 2):
                    await Self.nextLook(after: 0.98)
                    return [DemoFault(kill: .prometheus)]
                case .finalVerdict("1.1.0"): return [DemoFault(kill: .rollout)]
                case .second("1.2.0", 5), .finalVerdict("1.2.0"), .acted("1.2.0"):
                    return [DemoFault(kill: .rollout), DemoFault(kill: .serve)]
                default: return []
                }
            }
            record.expectRightEndings()
            #expect(record.kills == [.rollout: 5, .prometheus: 2, .serve: 3])
        }

        /// Right after a look's verdict: until the next look, short of the rest of `part`.
        private static func nextLook(after part: Double) async {
            try? await Task.sleep(for: pace.schedule.interval * part)
        }
    }
}
