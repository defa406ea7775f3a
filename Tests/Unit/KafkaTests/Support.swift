import Foundation
import Logging
import Processes
import Synchronization

@testable import Kafka

/// One broker for all suites: a start costs little, but the joins of many groups may overlap on one.
enum Shared {
    static let broker = Result { try EmbeddedBroker() }

    static func configuration(_ properties: [String: String] = [:]) throws -> KafkaConfiguration {
        .embedded(try self.broker.get().bootstrapServers, properties: properties)
    }

    /// A topic that no other test uses.
    static func topic(_ name: String, partitions: Int = 1) throws -> String {
        let unique = "\(name)-\(UUID().uuidString.prefix(8))"
        try self.broker.get().createTopic(unique, partitions: partitions)
        return unique
    }

    static func group(_ name: String) -> String { "\(name)-\(UUID().uuidString.prefix(8))" }
}

extension EmbeddedBroker {
    /// Goes off the network or back on while no process is being started: see `setReachable`.
    func switchNetwork(isOn: Bool) {
        Program.whileNoneStarts { self.setReachable(isOn) }
    }
}

let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

/// Collects log messages, so that a test can await one.
struct LogProbe: LogHandler {
    let messages: AsyncStream<String>
    private let continuation: AsyncStream<String>.Continuation
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.debug

    init() {
        (self.messages, self.continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1000))
    }

    var logger: Logger {
        Logger(label: "probe") { _ in self }
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { self.metadata[key] }
        set { self.metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        self.continuation.yield(event.message.description)
    }

    /// Awaits a message.
    func first(_ message: String) async {
        for await next in self.messages where next == message { return }
    }
}

/// Counts log messages at info and above.
final class LogCount: Sendable {
    private let counts = Mutex<[String: Int]>([:])

    private struct Handler: LogHandler {
        let log: LogCount
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.info

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { self.metadata[key] }
            set { self.metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            self.log.counts.withLock { $0[event.message.description, default: 0] += 1 }
        }
    }

    var logger: Logger { Logger(label: "count") { _ in Handler(log: self) } }

    func count(of message: String) -> Int { self.counts.withLock { $0[message] ?? 0 } }
}

/// What several readers have seen together.
final class Gathered: Sendable {
    private let numbers = Mutex<[Int]>([])

    var sorted: [Int] { self.numbers.withLock { $0.sorted() } }

    func add(_ records: [KafkaRecord]) {
        self.numbers.withLock { $0 += records.compactMap { Int($0.text ?? "") } }
    }
}

extension [UInt8] {
    init(text: String) { self = Array(text.utf8) }
}

extension KafkaRecord {
    var text: String? { self.value.map { String(decoding: $0, as: UTF8.self) } }
}

extension KafkaProducer {
    /// Breaks the handle as a broker's fatal error would.
    func injectFatalError(_ reason: String) { self.storage.withClient { $0.raiseFatalError(reason) } }

    func send(_ texts: [String], to topic: String, partitions: Int32 = 1) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (index, text) in texts.enumerated() {
                let message = KafkaMessage(
                    topic: topic,
                    value: Array(text.utf8),
                    partition: Int32(index) % partitions
                )
                group.addTask { _ = try await self.send(message) }
            }
            try await group.waitForAll()
        }
    }
}

extension KafkaConsumer {
    /// Breaks the handle as a broker's fatal error (a fencing) would.
    func injectFatalError(_ reason: String) { self.storage.withClient { $0.raiseFatalError(reason) } }

    /// Takes batches until that many records have come.
    func receive(_ count: Int, storing: Bool = true) async throws -> (records: [KafkaRecord], batches: [KafkaBatch]) {
        var records: [KafkaRecord] = []
        var batches: [KafkaBatch] = []
        while records.count < count, let batch = try await self.nextBatch() {
            records += batch.records
            batches.append(batch)
            if storing { try await self.store(batch) }
        }
        return (records, batches)
    }
}
