import Analysis
import Foundation
import HTTPTransport
import Kafka
import LoadRig
import Synchronization

/// Publishes good releases at a steady rate, over Kafka and HTTP by turns, and goes on until each has been taken in.
///
/// Each has a planned time, which is also the time of its event: what holds up this process, or the intake, counts as
/// latency of the verdict.
final class GoodReleases: Sendable {
    private struct State {
        /// Of each release, in their order.
        var planned: [Timestamp] = []
        var repeated = 0
        var isOver = false
        var delivered = 0
    }

    private static let pause = Duration.milliseconds(500)

    private let world: World
    private let rate: Int
    private let producer: KafkaProducer
    private let http: HTTPClient
    private let state = Mutex(State())

    init(world: World, rate: Int) throws {
        self.world = world
        self.rate = rate
        producer = try KafkaProducer(configuration: world.broker.configuration, logger: SilentLogger.make())
        var configuration = HTTPClient.Configuration()
        configuration.retry = .none
        configuration.proxy = .none
        configuration.maximumConcurrentRequestsPerHost = 32
        http = try HTTPClient(configuration: configuration)
    }

    /// The planned times of all releases so far.
    var planned: [Timestamp] { state.withLock { $0.planned } }
    var count: Int { state.withLock { $0.planned.count } }
    /// Those that the broker or the service has acknowledged.
    var delivered: Int { state.withLock { $0.delivered } }
    /// Sendings that failed and were repeated.
    var repeated: Int { state.withLock { $0.repeated } }

    /// No further ones are published.
    func finish() {
        state.withLock { $0.isOver = true }
    }

    /// Publishes until `finish`, and returns when all have been acknowledged, or the task is cancelled.
    func publish() async {
        let clock = ContinuousClock()
        let (start, origin) = (clock.now, WallClock.now)
        await withTaskGroup(of: Void.self) { group in
            var number = 0
            while !state.withLock({ $0.isOver }), !Task.isCancelled {
                let offset = Duration.milliseconds(number * 1000 / rate)
                try? await clock.sleep(until: start + offset)
                let release = GoodRelease(number)
                let time = origin + offset
                state.withLock { $0.planned.append(time) }
                group.addTask { await self.deliver(release, at: time) }
                number += 1
            }
            await group.waitForAll()
        }
    }

    func close() async {
        await producer.close()
        await http.close()
    }

    /// Sends it again until it is taken: to send the same event twice does no harm.
    private func deliver(_ release: GoodRelease, at time: Timestamp) async {
        let event = release.event(at: time)
        while !Task.isCancelled {
            if await release.isOverKafka ? overKafka(event) : overHTTP(event) {
                return state.withLock { $0.delivered += 1 }
            }
            state.withLock { $0.repeated += 1 }
            try? await Task.sleep(for: Self.pause)
        }
    }

    private func overKafka(_ event: DeployEvent) async -> Bool {
        let message = SoakEvent.message(event, topic: world.broker.names.deployEvents)
        return (try? await producer.send(message)) != nil
    }

    private func overHTTP(_ event: DeployEvent) async -> Bool {
        guard let url = world.serve.current?.url else { return false }
        let (headers, body) = SoakEvent.request(event)
        var all: HTTPHeaders = ["Authorization": "Bearer \(world.token)"]
        for header in headers { all[header.name] = header.value }
        let request = HTTPRequest(
            method: .post,
            url: "\(url)/v1/events",
            headers: all,
            body: body,
            timeout: .seconds(10),
            isIdempotent: false
        )
        guard let response = try? await http.execute(request) else { return false }
        return response.isSuccess
    }
}
