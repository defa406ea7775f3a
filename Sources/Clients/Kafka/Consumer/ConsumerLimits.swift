/// The bounds a consumer's state machine keeps.
struct ConsumerLimits: Sendable {
    /// Most records in a batch.
    var batchRecords = 256
    /// Most bytes in a batch; one record is always handed out, whatever its size.
    var batchBytes = 8 << 20
    /// Records fetched ahead of the reader before partitions are paused.
    var bufferRecords = 1024
    /// Bytes fetched ahead of the reader before partitions are paused.
    var bufferBytes = 16 << 20
    /// Batches that may be out at a time; a reader waits beyond.
    var outstandingBatches = 8
    /// How long work in flight may go on after its partition was revoked.
    var revokeGrace = Duration.seconds(5)
    /// How long a commit may take.
    var commitTimeout = Duration.seconds(10)
    /// How long work in flight may go on after `close`.
    var drainTimeout = Duration.seconds(5)
    /// How long leaving the group may take.
    var leaveTimeout = Duration.seconds(5)
    /// A reader without a group has no offsets to store.
    var storesOffsets = true
}
