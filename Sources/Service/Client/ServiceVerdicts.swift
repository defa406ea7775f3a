package import Analysis
package import EventFormats

/// The HTTP interface, asked again and again.
///
/// A service that is away or not ready is waited for: an upgrade of Assay must not fail a pipeline.
package struct ServiceVerdicts: PublishedVerdicts {
    package let client: ServiceClient
    package let wanted: WantedVerdict
    private let keys: (@Sendable () -> VerificationKeys)?
    package var wait: @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }

    package private(set) var trouble: String?
    private var session: String?
    /// The event repeated the release of a session that another one opened.
    private var isRepeated = false
    private var shown: Set<String> = []
    private var waiting: [PublishedVerdict] = []
    private var pause = Self.firstPause

    private static let firstPause = Duration.seconds(1)
    private static let longestPause = Duration.seconds(5)
    private static let requestTimeout = Duration.seconds(15)

    /// - Parameter keys: asked for at each verdict; nil believes verdicts without a signature.
    package init(client: ServiceClient, wanted: WantedVerdict, keys: (@Sendable () -> VerificationKeys)? = nil) {
        self.client = client
        self.keys = keys
        self.wanted = wanted
        session =
            switch wanted {
            case .session(let id, _): id
            case .event(let id, let source, _):
                SessionID.make(for: EventIdentity(source: source ?? EmitReport.defaultSource, id: id))
            case .version: nil
            }
    }

    package mutating func next(until end: ContinuousClock.Instant) async throws -> PublishedVerdict? {
        while waiting.isEmpty {
            guard ContinuousClock.now < end else { return nil }
            do throws(ServiceClient.Failure) {
                try await fetch(timeout: min(Self.requestTimeout, max(.seconds(1), end - ContinuousClock.now)))
            } catch {
                guard error.mayPass else { throw error }
                trouble = error.description
            }
            guard waiting.isEmpty else { break }
            try await wait(min(pause, max(.zero, end - ContinuousClock.now)))
            pause = min(pause * 1.5, Self.longestPause)
        }
        return waiting.removeFirst()
    }

    package func close() async {}

    private mutating func fetch(timeout: Duration) async throws(ServiceClient.Failure) {
        if session == nil, case .version(let filter) = wanted {
            session = try await client.newestSession(filter, timeout: timeout)
        }
        guard let verdicts = try await verdicts(timeout: timeout) else {
            trouble = "\(client.url) knows no session of it yet"
            return
        }
        trouble = nil
        for verdict in verdicts.map(\.verdict) where !isMeant(verdict) {
            let other = OtherRelease(wanted: wanted, is: verdict.release, version: verdict.version)
            throw ServiceClient.Failure(description: other.description, mayPass: false)
        }
        for verdict in verdicts.decidedLast where !shown.contains(verdict.verdict.id) {
            guard let keys else {
                shown.insert(verdict.verdict.id)
                waiting.append(verdict)
                continue
            }
            guard let believed = try await believed(verdict.verdict, keys, timeout: timeout) else { continue }
            shown.insert(verdict.verdict.id)
            waiting.append(believed)
        }
    }

    /// The verdict as it was signed, in place of what the service shows; nil where the service does not give it out now.
    private mutating func believed(
        _ verdict: Verdict,
        _ keys: @Sendable () -> VerificationKeys,
        timeout: Duration
    ) async throws(ServiceClient.Failure) -> PublishedVerdict? {
        guard let event = try await client.event(ofVerdict: verdict.id, timeout: timeout) else {
            trouble =
                "\(client.url) does not give out the verdict \(verdict.id) as it was published, so its signature is not known"
            return nil
        }
        if let problem = keys().problem(of: event) {
            // An interim verdict decides nothing, and a key may have been set since.
            guard verdict.kind == .final else {
                shown.insert(verdict.id)
                return nil
            }
            throw ServiceClient.Failure(
                description: "the verdict on \(wanted.name) is not believed: \(problem)",
                mayPass: false
            )
        }
        guard let published = PublishedVerdict(event), published.verdict.id == verdict.id, isMeant(published.verdict)
        else {
            throw ServiceClient.Failure(
                description: "\(client.url) gives out another event as the verdict \(verdict.id)",
                mayPass: false
            )
        }
        return published
    }

    private mutating func verdicts(timeout: Duration) async throws(ServiceClient.Failure) -> [PublishedVerdict]? {
        guard let session else { return nil }
        if let verdicts = try await client.verdicts(ofSession: session, timeout: timeout) { return verdicts }
        guard case .event(let id, let source, _) = wanted, !isRepeated else { return nil }
        let event = EventIdentity(source: source ?? EmitReport.defaultSource, id: id)
        switch try await client.answer(to: event, timeout: timeout) {
        case .none: return nil
        case .nothing(let outcome):
            // It may have been answered between the two questions; an event that is refused has a session of its own.
            if let verdicts = try await client.verdicts(ofSession: session, timeout: timeout) { return verdicts }
            throw ServiceClient.Failure(
                description: "event \(id) has no analysis to wait for (\(outcome)): wait by --release-version",
                mayPass: false
            )
        case .session(let other):
            isRepeated = other != session
            self.session = other
            return try await client.verdicts(ofSession: other, timeout: timeout)
        }
    }

    private func isMeant(_ verdict: Verdict) -> Bool {
        guard verdict.session == session else { return false }
        // Verdicts from before the event do not name it.
        return isRepeated ? wanted.filter.fits(verdict.release, version: verdict.version) : wanted.matches(verdict)
    }

    package mutating func action(
        on verdict: Verdict,
        until end: ContinuousClock.Instant
    ) async throws -> RolloutAction? {
        var pause = Self.firstPause
        while true {
            do throws(ServiceClient.Failure) {
                let left = end - ContinuousClock.now
                let timeout = min(Self.requestTimeout, max(.seconds(1), left))
                if let action = try await client.actions(on: verdict, timeout: timeout).last { return action }
            } catch {
                guard error.mayPass else { throw error }
            }
            guard ContinuousClock.now < end else { return nil }
            try await wait(min(pause, max(.zero, end - ContinuousClock.now)))
            pause = min(pause * 1.5, Self.longestPause)
        }
    }
}
