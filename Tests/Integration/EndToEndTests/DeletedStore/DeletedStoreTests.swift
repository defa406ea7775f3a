import Foundation
import HTTPTransport
import Processes
import Testing

extension EndToEndTests {
    /// The SQLite file goes away under the running service.
    @Suite("A deleted store", .serialized, .timeLimit(.minutes(5)))
    struct DeletedStoreTests {
        @Test("Nothing is taken in any more, it is not ready and says why; a file that is put back is used on")
        func deleted() async throws {
            try await Bench.run { bench in
                try TestPlan.good.write(to: bench)
                let store = bench.path("store.sqlite")
                let service = try await Service.start(bench, nil, prometheus: "http://127.0.0.1:9", store: store)
                let type: HTTPHeaders = ["content-type": "application/cloudevents+json"]
                func send() async throws -> Int {
                    let event = TestEvent(application: "good")
                    return try await service.web.post("/v1/events", type, Array(event.structured.utf8)).status
                }
                #expect(try await send() == 202)
                try FileManager.default.moveItem(atPath: store, toPath: store + ".away")
                // From the first request on.
                for _ in 0..<3 { #expect(try await send() == 503) }
                try await Waiting.until("serve is not ready") { try await service.web.get("/readyz").status == 503 }
                try await Waiting.until("the intake is closed") {
                    try await service.web.get("/metrics").text.contains("assay_intake_closed 1")
                }
                try await Waiting.until("the log says why") {
                    let said = try String(contentsOfFile: bench.path("serve.log"), encoding: .utf8)
                    return said.contains("the store takes no writes") && said.contains("was deleted")
                }
                try FileManager.default.moveItem(atPath: store + ".away", toPath: store)
                try await Waiting.until("serve is ready again") {
                    try await service.web.get("/readyz").status == 200
                }
                try await Waiting.until("events are taken in again") { try await send() == 202 }
                service.process.send(signal: 15)
                #expect(await service.process.waitUntilExit() == .code(0))
                let log = try? FileManager.default.attributesOfItem(atPath: store + "-wal")[.size] as? Int
                #expect(log == 0 || log == nil)
            }
        }
    }
}
