import Concurrency
package import Logging
import Synchronization

/// Looks after topics.
package enum KafkaAdmin {
    /// What became of a topic that should exist.
    package enum Outcome: Sendable, Equatable {
        case exists(partitions: Int)
        case created
        /// It isn't there and could not be created; the text says why.
        case missing(String)
    }

    /// Sees to it that topics exist: looks each up, and creates those that are missing where the broker allows.
    ///
    /// A topic that can't be created (no permission, a broker without the call) is an outcome, not an error: it may be
    /// created by an operator later, and clients wait for it. Where `allow.auto.create.topics` is configured, creation
    /// on first use is tried last. The embedded broker creates a topic when it is looked up, so it is reported as there.
    ///
    /// - Throws: `.configuration`, `.transport` when no broker answers within `timeout`, or `.closed` when the task is
    ///   cancelled, a second later at most.
    package static func ensureTopics(
        _ topics: [KafkaTopic],
        configuration: KafkaConfiguration,
        timeout: Duration = .seconds(10),
        logger: Logger
    ) async throws(KafkaError) -> [String: Outcome] {
        for topic in topics { try KafkaTopic.validate(topic.name) }
        // Old brokers (and the embedded one) create what they are asked about whatever this says.
        var looking = try ClientProperties.admin(configuration, version: NativeLibrary.versionNumber)
        looking["allow.auto.create.topics"] = "false"
        var creating = looking
        creating["allow.auto.create.topics"] = configuration.properties["allow.auto.create.topics"] ?? "false"
        let deadline = ContinuousClock.now + timeout
        let cancellation = Cancellation()
        let work = TopicWork(
            topics: topics,
            looking: looking,
            creating: creating,
            deadline: deadline,
            cancellation: cancellation,
            clients: configuration.clients,
            logger: logger
        )
        let promise = Promise<Result<[String: Outcome], KafkaError>>()
        try PollThread.start("admin") { _ in promise.set(work.run()) }
        return try await withTaskCancellationHandler {
            await promise.value()
        } onCancel: {
            cancellation.request()
        }.get()
    }

    /// Deletes topics: what a run has made for itself. Goes on when the task is cancelled.
    ///
    /// - Returns: why those that are still there could not be deleted.
    /// - Throws: `.configuration`.
    package static func deleteTopics(
        _ names: [String],
        configuration: KafkaConfiguration,
        timeout: Duration = .seconds(10),
        logger: Logger
    ) async throws(KafkaError) -> [String: KafkaError] {
        for name in names { try KafkaTopic.validate(name) }
        let properties = try ClientProperties.admin(configuration, version: NativeLibrary.versionNumber)
        let client = try NativeClient(
            kind: .admin,
            properties: properties,
            events: 0,
            clients: configuration.clients,
            logger: logger
        )
        let promise = Promise<[String: KafkaError]>()
        let milliseconds = Int32(clamping: max(1, timeout.wholeMilliseconds))
        do {
            try PollThread.start("admin") { _ in
                promise.set(NativeAdmin.delete(names, client: client, milliseconds: milliseconds))
                client.destroy(withoutConsumerClose: true)
            }
        } catch {
            client.destroy(withoutConsumerClose: true)
            throw error
        }
        return await promise.value()
    }
}

/// What a cancelled task leaves for its thread.
private final class Cancellation: Sendable {
    private let isRequested = Atomic(false)

    func request() { self.isRequested.store(true, ordering: .relaxed) }

    func check() throws(KafkaError) {
        if self.isRequested.load(ordering: .relaxed) { throw .closed("look-up of topics") }
    }
}

/// One run of `ensureTopics`, on a thread of its own.
private struct TopicWork: Sendable {
    let topics: [KafkaTopic]
    let looking: [String: String]
    let creating: [String: String]
    let deadline: ContinuousClock.Instant
    let cancellation: Cancellation
    let clients: KafkaClients?
    let logger: Logger

    private var milliseconds: Int32 {
        Int32(clamping: max(1, min(5000, ContinuousClock.now.duration(to: self.deadline).wholeMilliseconds)))
    }

    func run() -> Result<[String: KafkaAdmin.Outcome], KafkaError> {
        do throws(KafkaError) {
            let client = try NativeClient(
                kind: .admin,
                properties: self.looking,
                events: 0,
                clients: self.clients,
                logger: self.logger
            )
            defer { client.destroy(withoutConsumerClose: true) }
            var outcomes: [String: KafkaAdmin.Outcome] = [:]
            for topic in self.topics { outcomes[topic.name] = try self.ensure(topic, client: client) }
            return .success(outcomes)
        } catch {
            return .failure(error)
        }
    }

    private func ensure(_ topic: KafkaTopic, client: NativeClient) throws(KafkaError) -> KafkaAdmin.Outcome {
        if let count = try self.lookUp(topic, client: client) { return .exists(partitions: count) }
        switch NativeAdmin.create(topic, client: client, milliseconds: self.milliseconds) {
        case .success(let isNew):
            if isNew { return .created }
            return .exists(partitions: try self.lookUp(topic, client: client) ?? 0)
        case .failure(let refusal):
            if refusal.code == .authorization { client.report(refusal) }
            return try self.createByUse(topic) ? .created : .missing(refusal.message)
        }
    }

    private func lookUp(_ topic: KafkaTopic, client: NativeClient) throws(KafkaError) -> Int? {
        while true {
            try self.cancellation.check()
            let found = NativeMetadata.partitionCount(
                of: topic.name,
                client: client,
                milliseconds: min(1000, self.milliseconds)
            )
            switch found {
            case .success(let count): return count
            case .failure(let error):
                // Not to be allowed to look is not to have it.
                if error.code == .topic || error.code == .authorization { return nil }
                guard error.isRetriable, ContinuousClock.now < self.deadline else { throw error }
                // The pause before the next attempt; no events are asked for.
                NativeAdmin.wait(client, milliseconds: 100)
            }
        }
    }

    private func createByUse(_ topic: KafkaTopic) throws(KafkaError) -> Bool {
        guard self.creating["allow.auto.create.topics"] == "true" else { return false }
        let client = try NativeClient(
            kind: .admin,
            properties: self.creating,
            events: 0,
            clients: self.clients,
            logger: self.logger
        )
        defer { client.destroy(withoutConsumerClose: true) }
        return try self.lookUp(topic, client: client) != nil
    }
}
