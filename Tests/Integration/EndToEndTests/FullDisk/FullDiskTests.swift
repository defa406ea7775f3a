import Analysis
import HTTPTransport
import Judging
import Processes
import Testing

extension EndToEndTests {
    /// No room for the store: the service says so, waits, and takes in everything that was sent when there is room.
    @Suite("Full disk", .serialized, .timeLimit(.minutes(5)))
    struct FullDiskTests {
        @Test("Nothing is lost, with and without a kill in between")
        func fullDisk() async throws {
            try await Bench.run { bench in
                let wasMounted = try await SmallDisk.mount(bench) { disk in
                    try await run(bench, disk)
                }
                if !wasMounted { print("Full disk: not tested, as no file system can be mounted here") }
            }
        }

        private func run(_ bench: Bench, _ disk: SmallDisk) async throws {
            try TestPlan.good.write(to: bench)
            let prometheus = try await PrometheusServer.prepare(bench)
            _ = try await prometheus.start()
            let broker = try await Broker.start(bench)
            let kcat = Kcat(bench: bench, broker: broker)
            let store = "\(disk.path)/store.sqlite"
            let first = try await Service.start(bench, broker, prometheus: prometheus.url, store: store)
            try await TopicFollower.follow("canary.verdicts", of: broker) { verdicts in
                try await kcat.sendBinary(TestEvent(application: "good", version: "1"))
                _ = try await verdicts.finalVerdict(on: "good", "1")

                try await disk.fill()
                try await refused(first, kcat, versions: ["2"])
                try disk.empty()
                try await Waiting.until("serve is ready again") { try await first.web.get("/readyz").status == 200 }
                #expect(try await verdicts.finalVerdict(on: "good", "2").result == .pass)

                try await disk.fill()
                try await refused(first, kcat, versions: ["3"])
                await first.kill()
                try disk.empty()
                let second = try await Service.start(bench, broker, prometheus: prometheus.url, store: store)
                #expect(try await verdicts.finalVerdict(on: "good", "3").result == .pass)
                #expect(second.process.exit == nil)
                #expect(DemoRecord.repeated(verdicts.verdicts.map(\.id)) == [])
                #expect(try await broker.records("canary.deadletter").isEmpty)
            }
        }

        /// Sends events both ways; HTTP is told to come again, Kafka keeps them.
        private func refused(_ service: Service, _ kcat: Kcat, versions: [String]) async throws {
            for version in versions { try await kcat.sendBinary(TestEvent(application: "good", version: version)) }
            let event = TestEvent(application: "good", version: "refused")
            let headers: HTTPHeaders = ["content-type": "application/cloudevents+json"]
            let answer = try await service.web.post("/v1/events", headers, Array(event.structured.utf8))
            #expect(answer.status == 503, "\(answer)")
            #expect(answer.text.contains("nothing was taken in"), "\(answer)")
            #expect(answer.headers["retry-after"] != nil)
            let ready = try await Waiting.until("serve says that it is not ready") {
                let ready = try await service.web.get("/readyz")
                return ready.status == 503 ? ready : nil
            }
            #expect(ready.text.contains("full"), "\(ready)")
            #expect(try await service.web.get("/livez").status == 200)
            // Reading still works.
            #expect(try await service.web.get("/v1/sessions").status == 200)
            #expect(service.process.exit == nil)
        }
    }
}
