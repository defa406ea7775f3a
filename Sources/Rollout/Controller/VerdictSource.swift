package import Analysis
package import EventFormats

/// Where verdicts come from: a Kafka topic, or the service over HTTP.
package protocol VerdictSource: Sendable {
    /// Waits for a verdict; nil once closed. Throws when the task is cancelled.
    func next() async throws -> VerdictDelivery?

    /// Stops and starts fetching while the backlog is full.
    func pause()
    func resume()

    /// Stores what is done and stops.
    func close() async
}

/// One delivery of what should be a verdict.
package struct VerdictDelivery: Sendable {
    package var reading: VerdictReading
    /// Says that it is done with, so that the place behind it may be stored once everything before it is done too.
    package var done: @Sendable () async -> Void

    package init(_ reading: VerdictReading, done: @escaping @Sendable () async -> Void) {
        self.reading = reading
        self.done = done
    }
}

/// A verdict and what came with it.
package struct DeliveredVerdict: Sendable, Equatable {
    package var verdict: Verdict
    /// The CloudEvents source that it names.
    package var source: String
    /// The page that shows the whole analysis.
    package var reportURL: String?
    /// When its action failed, where the action is asked for again.
    package var retryOf: Timestamp?

    package init(_ verdict: Verdict, source: String, reportURL: String? = nil, retryOf: Timestamp? = nil) {
        self.verdict = verdict
        self.source = source
        self.reportURL = reportURL
        self.retryOf = retryOf
    }
}

/// What a delivery holds.
package enum VerdictReading: Sendable {
    case verdict(DeliveredVerdict)
    case skip(RecordSkip)
    /// Nothing that could be acted on.
    case malformed(MalformedVerdict)
}

/// What was delivered in the place of a verdict.
package struct MalformedVerdict: Sendable {
    package var errorClass: String
    /// One sentence.
    package var reason: String
    /// Why it is not believed, where it is a verdict.
    package var distrust: Distrust?
    /// Its place on the topic, for the log.
    package var place: String
    /// Puts it where people find it; returns once it is stored there.
    package var setAside: @Sendable () async throws -> Void

    package init(
        errorClass: String,
        reason: String,
        distrust: Distrust? = nil,
        place: String,
        setAside: @escaping @Sendable () async throws -> Void
    ) {
        self.errorClass = errorClass
        self.reason = reason
        self.distrust = distrust
        self.place = place
        self.setAside = setAside
    }
}

/// Where rollout events are stored: a Kafka topic, or the service over HTTP. Storing one again changes nothing.
package protocol RolloutSink: Sendable {
    /// Returns once the event is stored.
    func store(_ event: CloudEvent, of release: ReleaseIdentity) async throws
}

/// Every rollout event that was stored before reading began: the controller's memory.
package protocol RolloutHistory: Sendable {
    /// Reads from the beginning to the end. Nil stands for what is no event.
    ///
    /// Throws when the end was not reached: silence is not the end.
    func read(_ body: (CloudEvent?) -> Void) async throws
}

/// A failure to store or to read that may pass by itself.
package protocol PassingFailure: Error {
    var mayPass: Bool { get }
    /// The credentials were refused: they may be being replaced, here or where they are asked for.
    var refusesCredentials: Bool { get }
}

extension PassingFailure {
    package var refusesCredentials: Bool { false }
}
