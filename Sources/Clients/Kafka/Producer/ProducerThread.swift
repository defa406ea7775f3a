import Glibc
import Logging
import Threads

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

    func run(_ first: NativeProducer, _ pulse: Pulse) {
        var native: NativeProducer? = first
        while true {
            pulse.beat()
            let step = self.storage.step(now: .now)
            if step.isFinished { break }
            guard let current = native ?? self.replacement() else { continue }
            native = current
            let isBlocked = self.handOver(to: current)
            let wait = isBlocked || self.storage.counts.waiting == 0 ? step.wait : .zero
            self.poll(current, wait: min(wait, ProducerThread.longestPoll))
            if let fatal = current.client.fatalError() {
                self.logger.error("The Kafka producer broke and is replaced", metadata: ["error": "\(fatal)"])
                self.end(current)
                native = nil
                self.storage.report { $0.abandonInFlight(fatal) }
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

    private func poll(_ native: NativeProducer, wait: Duration) {
        var event = native.poll(milliseconds: Int32(clamping: wait.wholeMilliseconds + (wait > .zero ? 1 : 0)))
        while let current = event {
            switch current {
            case .ignored: break
            case .trouble(let error):
                self.logger.warning("Kafka reported a condition", metadata: ["error": "\(error)"])
            case .delivered(let reports):
                self.storage.report { machine in
                    reports.flatMap { machine.settled($0.ticket, $0.1) }
                }
                // Room was made: what waits comes first.
                return
            }
            event = native.poll(milliseconds: 0)
        }
    }

    private func end(_ native: NativeProducer) {
        self.storage.attach(nil)
        native.purge()
        native.client.destroy()
    }

    /// A fresh handle after a fatal error. The configuration worked before, so only want of memory or threads fails.
    private func replacement() -> NativeProducer? {
        do {
            let native = try NativeProducer(properties: self.properties, clients: self.clients, logger: self.logger)
            self.storage.attach(native.client)
            return native
        } catch {
            self.logger.critical("No new Kafka producer could be made", metadata: ["error": "\(error)"])
            // Whoever waits is told now; later messages try again.
            while let (ticket, _) = self.storage.next() { self.storage.report { $0.settled(ticket, .failure(error)) } }
            // There is no queue to wait on; this thread is nobody else's.
            usleep(250_000)
            return nil
        }
    }
}
