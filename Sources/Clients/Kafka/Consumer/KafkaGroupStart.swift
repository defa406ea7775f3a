import Concurrency
package import Logging

/// Where a consumer group begins that has stored no offsets.
package enum KafkaGroupStart {
    /// Stores the end of each partition for which the group has stored no offset, so that the group begins there, and
    /// goes on from there however often it is restarted before its first record.
    ///
    /// For before the members join: only an empty group takes offsets from outside. One with members has begun already
    /// and is left alone. A partition that is added later is read from its beginning, and so is one whose stored offset
    /// has been deleted: nothing that came since is passed over.
    ///
    /// - Returns: the partitions whose end was stored.
    /// - Throws: what keeps offsets from being read or stored; the call may be repeated.
    @discardableResult
    package static func storeEnds(
        of topic: String,
        group: String,
        configuration: KafkaConfiguration,
        timeout: Duration = .seconds(10),
        logger: Logger
    ) async throws(KafkaError) -> [KafkaPartition] {
        try KafkaTopic.validate(topic)
        var properties = try ClientProperties.consumer(
            configuration,
            groupID: group,
            commitInterval: .seconds(5),
            version: NativeLibrary.versionNumber
        )
        properties["enable.auto.commit"] = "false"
        // Not the place of a member that comes next.
        properties["group.instance.id"] = nil
        let work = GroupStartWork(
            topic: topic,
            properties: properties,
            clients: configuration.clients,
            milliseconds: Int32(clamping: max(1, timeout.wholeMilliseconds)),
            logger: logger
        )
        let promise = Promise<Result<[KafkaPartition], KafkaError>>()
        try PollThread.start("group start") { _ in promise.set(work.run()) }
        return try await promise.value().get()
    }
}

/// One run of `storeEnds`, on a thread of its own.
private struct GroupStartWork: Sendable {
    let topic: String
    let properties: [String: String]
    let clients: KafkaClients?
    let milliseconds: Int32
    let logger: Logger

    func run() -> Result<[KafkaPartition], KafkaError> {
        do throws(KafkaError) {
            let native = try NativeConsumer(
                kind: .consumer,
                properties: properties,
                topics: [topic],
                maximumRecordBytes: 1 << 20,
                clients: clients,
                logger: logger
            )
            defer { native.client.destroy(withoutConsumerClose: true) }
            return .success(try storeEnds(native))
        } catch {
            return .failure(error)
        }
    }

    private func storeEnds(_ native: NativeConsumer) throws(KafkaError) -> [KafkaPartition] {
        let count = NativeMetadata.partitionCount(of: topic, client: native.client, milliseconds: milliseconds)
        let partitions = (0..<(try count.get() ?? 0)).map {
            KafkaPartition(topic: topic, partition: Int32(clamping: $0))
        }
        let new = try partitionsWithoutOffset(partitions, native)
        guard !new.isEmpty else { return [] }
        var ends: [KafkaPartition: KafkaPosition] = [:]
        for partition in new {
            let range = try NativeMetadata.watermarks(partition, client: native.client, milliseconds: milliseconds)
                .get()
            ends[partition] = KafkaPosition(offset: range.upperBound)
        }
        if let refusal = native.commit(ends) {
            // Another replica has joined meanwhile, which did the same before.
            guard refusal.isOfAnActiveGroup else { throw refusal }
            return []
        }
        return new
    }

    private func partitionsWithoutOffset(
        _ partitions: [KafkaPartition],
        _ native: NativeConsumer
    ) throws(KafkaError) -> [KafkaPartition] {
        guard !partitions.isEmpty else { return [] }
        let stored = try native.storedOffsets(partitions, milliseconds: milliseconds).get()
        return partitions.filter { stored[$0] == nil }
    }
}
