package import Analysis
package import EventFormats

/// What an event of the verdict topic, or of the service, holds.
package enum VerdictEventReading: Sendable, Equatable {
    case verdict(DeliveredVerdict)
    case skip(RecordSkip)
    /// Nothing that could be acted on. Code and sentence.
    case malformed(errorClass: String, reason: String)
    /// A verdict that is not believed, and why, in one sentence.
    case untrusted(Distrust, reason: String)
}

/// Why a verdict is not believed.
package enum Distrust: String, Sendable, CaseIterable {
    /// It was opened or decided later than now.
    case fromFuture
    /// It has no signature, and keys are set.
    case unsigned
    /// It is signed with none of the keys.
    case unknownKey
    /// It is not as it was signed.
    case wrongSignature
}

/// Reads verdicts, and believes only what may be: what it does not believe leads to no action and is not remembered.
package struct VerdictReader: Sendable {
    private let now: @Sendable () -> Timestamp
    private let keys: (@Sendable () -> VerificationKeys)?

    /// - Parameters:
    ///   - now: wall-clock time.
    ///   - keys: asked for at each verdict; nil believes verdicts without a signature.
    package init(now: @escaping @Sendable () -> Timestamp, keys: (@Sendable () -> VerificationKeys)? = nil) {
        self.now = now
        self.keys = keys
    }

    package func read(_ event: CloudEvent) -> VerdictEventReading {
        guard event.type == VerdictEvent.type else { return .skip(.unknownType) }
        // Before anything of it is read.
        if let problem = keys?().problem(of: event) { return Self.untrusted(problem) }
        do throws(CloudEventError) {
            let verdict = try VerdictEvent.decode(event)
            if let problem = Self.problem(verdict) { return .malformed(errorClass: "badData", reason: problem) }
            if let reason = Self.futureReason(verdict, at: now()) { return .untrusted(.fromFuture, reason: reason) }
            return .verdict(
                DeliveredVerdict(
                    verdict,
                    source: event.source,
                    reportURL: try VerdictEvent.reportURL(of: event),
                    retryOf: RetryRequest.failure(namedBy: event)
                )
            )
        } catch {
            return .malformed(errorClass: error.code.rawValue, reason: error.reason)
        }
    }

    private static func untrusted(_ problem: VerificationKeys.Problem) -> VerdictEventReading {
        let distrust: Distrust =
            switch problem {
            case .unsigned: .unsigned
            case .unknownKey: .unknownKey
            case .wrongSignature: .wrongSignature
            }
        return .untrusted(distrust, reason: problem.description)
    }

    /// A verdict of the future would make every genuine one stale until its time has come.
    private static func futureReason(_ verdict: Verdict, at now: Timestamp) -> String? {
        let times = [("openedAt", verdict.openedAt), ("decidedAt", verdict.decidedAt)]
        guard let (name, time) = times.first(where: { ClockTolerance.isFuture($0.1, at: now) }) else { return nil }
        return "The verdict's \(name) is \(time), which is more than \(ClockTolerance.ahead.compactText)"
            + " ahead of this controller's clock, \(now)."
    }

    private static let maximumIDBytes = 1024

    /// What the ledger would remember must be bounded; nil when it is.
    private static func problem(_ verdict: Verdict) -> String? {
        let ids = [("id", verdict.id), ("session", verdict.session)]
        let required = [
            ("application", verdict.application), ("environment", verdict.environment), ("version", verdict.version),
        ]
        let optional = [
            ("revision", verdict.revision), ("namespace", verdict.namespace), ("cluster", verdict.cluster),
            ("workload", verdict.workload),
        ].map { ($0.0, $0.1 ?? "") }
        let tooLong =
            ids.first { $0.1.utf8.count > maximumIDBytes }
            ?? (required + optional).first { $0.1.utf8.count > DeployEvent.maximumTextBytes }
        if let tooLong { return "The verdict's \(tooLong.0) is longer than is accepted." }
        let empty = (ids + required).first { $0.1.isEmpty }
        return empty.map { "The verdict's \($0.0) is empty." }
    }
}
