import Foundation
import Processes
import Testing

extension EndToEndTests {
    @Suite("Warnings at the start", .timeLimit(.minutes(5)))
    struct EarlyWarningTests {
        @Test("That others can read the database's password is said before the database is reached")
        func database() async throws {
            try await Bench.run { bench in
                try TestPlan.good.write(to: bench)
                let url = "postgres://assay:t0ken@db.invalid:5432/assay?sslmode=require"
                let process = try bench.startAssay(
                    "serve",
                    [
                        "serve", "--database-url", url, "--plans-directory", bench.path("plans"), "--web-port", "0",
                    ]
                )
                try await Waiting.until("serve warns") {
                    bench.logs.contains("does not prove who answers as db.invalid")
                }
                try await Waiting.until("serve looks for the database") {
                    bench.logs.contains("the database cannot be reached; trying again")
                }
                #expect(!bench.logs.contains("t0ken"))
                process.send(signal: 9)
                _ = await process.waitUntilExit()
            }
        }

        @Test("A controller warns before it starts to connect")
        func controller() async throws {
            try await Bench.run { bench in
                let process = try bench.startAssay(
                    "rollout",
                    [
                        "rollout", "--kafka-brokers", "broker.invalid:9092", "--kafka-security-protocol",
                        "SASL_PLAINTEXT", "--kafka-sasl-mechanism", "PLAIN", "--kafka-sasl-username", "assay",
                        "--kafka-sasl-password", "t0ken", "--rollout-actuator", "webhook", "--rollout-webhook-url",
                        "http://127.0.0.1:9/", "--rollout-allow-unguarded", "true",
                    ]
                )
                try await Waiting.until("the controller starts") { bench.logs.contains("starting") }
                let log = bench.logs
                let warning = try #require(log.range(of: "the SASL password travels unencrypted"))
                let start = try #require(log.range(of: "starting"))
                #expect(warning.lowerBound < start.lowerBound)
                #expect(!log.contains("t0ken"))
                process.send(signal: 9)
                _ = await process.waitUntilExit()
            }
        }
    }
}
