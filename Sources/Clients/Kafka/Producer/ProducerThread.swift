import Concurrency
import Glibc
import Logging

/// The loop of a producer's thread: hand waiting messages to the library, poll delivery reports, replace a broken
/// handle.
struct ProducerThread: Sendable {
    private static let longestPoll = Duration.milliseconds(250)
    /// Messages handed over between two polls.
    private static let burst = 1000

    let storage: ProducerStorage
    let properties: [String: String]
    let clients: KafkaClients?
    let logger: Logger

    func run(_ first: NativeProducer, _ heartbeat: Heartbeat) {
        var native: NativeProducer? = first
        var pause = ReplacementPause()
        while true {
            heartbeat.beat()
            let step = self.storage.step(now: .now)
            if step.isFinished { break }
            guard let current = native ?? self.replacement(after: pause) else { continue }
            native = current
            let isBlocked = self.handOver(to: current)
            let wait = isBlocked || self.storage.counts.waiting == 0 ? step.wait : .zero
            if self.poll(current, wait: min(wait, ProducerThread.longestPoll)) { pause.worked() }
            current.client.clients.settle(logger: self.logger)
            if let fatal = current.client.fatalError() {
                current.client.report(fatal)
                self.end(current)
                native = nil
                self.storage.report { $0.abandonInFlight(fatal) }
                pause.broke(at: .now, jitter: .random(in: 0...1))
                // A second one is not broken by what it was given: what waits is told, rather than kept waiting.
                if pause.failures > 1 { self.refuseWaiting(fatal) }
            }
        }
        if let native { self.end(native) }
        self.storage.finished()
    }

    /// - Returns: whether the library's queue is full, so that only deliveries help.
    private func handOver(to native: NativeProducer) -> Bool {
        for _ in 0..<ProducerThread.burst {
            guard let (ticket, message) = self.storage.next() else { return false }
            switch native.produce(message, ticket: ticket) {
            case .accepted: continue
            case .queueFull:
                self.storage.putBack(ticket, message)
                return true
            case .refused(let error):
                self.storage.report { $0.settled(ticket, .failure(error)) }
            }
        }
        return false
    }

    /// - Returns: whether a message was stored.
    private func poll(_ native: NativeProducer, wait: Duration) -> Bool {
        var event = native.poll(milliseconds: Int32(clamping: wait.wholeMilliseconds + (wait > .zero ? 1 : 0)))
        while let current = event {
            switch current {
            case .ignored: break
            // A fatal one is reported when the producer is replaced.
            case .trouble(let error): if !error.isFatal { native.client.report(error) }
            case .delivered(let reports):
                let topic = native.record(reports)
                self.storage.report { machine in
                    reports.flatMap { machine.settled($0.ticket, $0.outcome) }
                }
                // Room was made: what waits comes first.
                return topic != nil
            }
            event = native.poll(milliseconds: 0)
        }
        return false
    }

    private func refuseWaiting(_ error: KafkaError) {
        while let (ticket, _) = self.storage.next() { self.storage.report { $0.settled(ticket, .failure(error)) } }
    }

    private func end(_ native: NativeProducer) {
        self.storage.attach(nil)
        native.purge()
        native.client.destroy()
    }

    /// A fresh handle after a fatal error, once the pause has passed. The configuration worked before, so only want of
    /// memory or threads fails.
    private func replacement(after pause: ReplacementPause) -> NativeProducer? {
        let left = pause.left(at: .now)
        guard left == .zero else {
            self.rest(left)
            return nil
        }
        do {
            let native = try NativeProducer(properties: self.properties, clients: self.clients, logger: self.logger)
            self.storage.attach(native.client)
            return native
        } catch {
            self.logger.critical("no new producer could be made", metadata: ["error": "\(error)"])
            // Callers that wait are told now; later messages try again.
            self.refuseWaiting(error)
            self.rest(.seconds(1))
            return nil
        }
    }

    /// There is no queue to wait on, and nothing else runs on this thread. Short, to notice a close.
    private func rest(_ time: Duration) {
        usleep(UInt32(clamping: min(time, .milliseconds(100)).wholeMilliseconds + 1) * 1000)
    }
}
