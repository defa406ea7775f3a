import Analysis
import Foundation
import Hummingbird
import LoadRig
import Logging
import NIOCore
import Synchronization

/// What the processes of a run ask of this one: the applications' series, and the webhook of the rollout controller.
final class HarnessServer: Sendable {
    /// One request to the webhook.
    struct Action: Sendable, Equatable, Decodable {
        var application: String
        var version: String
        var action: String
        /// The header `Idempotency-Key`.
        var key: String?
    }

    private let series: SyntheticSeries
    private let received = Mutex<[Action]>([])
    private let task = Mutex<Task<Void, any Error>?>(nil)

    init(series: SyntheticSeries) {
        self.series = series
    }

    var actions: [Action] { received.withLock { $0 } }

    /// Listens on 127.0.0.1 and returns the port.
    func start() async throws -> Int {
        let (ports, port) = AsyncStream.makeStream(of: Int.self)
        var logger = Logger(label: "harness")
        logger.logLevel = .critical
        let application = Application(
            responder: router.buildResponder(),
            configuration: ApplicationConfiguration(address: .hostname("127.0.0.1", port: 0), serverName: nil),
            onServerRunning: { channel in
                port.yield(channel.localAddress?.port ?? 0)
                port.finish()
            },
            logger: logger
        )
        task.withLock { task in
            task = Task {
                defer { port.finish() }
                try await application.run()
            }
        }
        for await port in ports { return port }
        throw RunFailure("the server for series and webhook could not listen")
    }

    func stop() {
        task.withLock { $0?.cancel() }
    }

    private var router: Router<BasicRequestContext> {
        let router = Router()
        router.get("/metrics") { [self] _, _ in
            Response(
                status: .ok,
                headers: [.contentType: "text/plain; version=0.0.4; charset=utf-8"],
                body: .init(byteBuffer: ByteBuffer(bytes: series.page(at: WallClock.now.milliseconds / 1000)))
            )
        }
        router.post("/rollout") { [self] request, _ in
            let body = try await request.body.collect(upTo: 1 << 20)
            var action = try JSONDecoder().decode(Action.self, from: Data(body.readableBytesView))
            action.key = request.headers.first { $0.name.canonicalName == "idempotency-key" }?.value
            received.withLock { $0.append(action) }
            return Response(status: .ok)
        }
        return router
    }
}
