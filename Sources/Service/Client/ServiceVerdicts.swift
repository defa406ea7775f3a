import Analysis

/// The HTTP interface, asked again and again.
///
/// A service that is away or not ready is waited for: an upgrade of Assay must not fail a pipeline.
package struct ServiceVerdicts: PublishedVerdicts {
    package let client: ServiceClient
    package let wanted: WantedVerdict
    package var wait: @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }

    package private(set) var trouble: String?
    private var session: String?
    private var shown: Set<String> = []
    private var waiting: [PublishedVerdict] = []
    private var pause = Self.firstPause

    private static let firstPause = Duration.seconds(1)
    private static let longestPause = Duration.seconds(5)
    private static let requestTimeout = Duration.seconds(15)

    package init(client: ServiceClient, wanted: WantedVerdict) {
        self.client = client
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
        guard let session, let verdicts = try await client.verdicts(ofSession: session, timeout: timeout) else {
            trouble = "\(client.url) knows no session of it yet"
            return
        }
        trouble = nil
        for verdict in verdicts.map(\.verdict) where verdict.session != session || !wanted.matches(verdict) {
            let other = OtherRelease(wanted: wanted, is: verdict.release, version: verdict.version)
            throw ServiceClient.Failure(description: other.description, mayPass: false)
        }
        waiting = verdicts.filter { shown.insert($0.verdict.id).inserted }
    }
}
