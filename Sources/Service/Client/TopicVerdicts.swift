package import Analysis
package import EventFormats
package import Kafka
import Rollout

/// The topics, read from their beginning: of deploy events, to know which deployment is meant, and of verdicts.
package struct TopicVerdicts: PublishedVerdicts {
    private let open: @Sendable (Topic) throws -> KafkaReader
    private let wanted: WantedVerdict
    private let keys: (@Sendable () -> VerificationKeys)?
    private var verdicts: KafkaReader?
    private var deployment: WantedDeployment?
    /// What the topic of verdicts held when reading began: of several final ones the last counts.
    private var known: [PublishedVerdict] = []

    package enum Topic: Sendable {
        case deployEvents
        case verdicts
        case rollouts
    }

    /// Why a verdict that would be meant was not believed last.
    private var doubt: VerificationKeys.Problem?

    /// - Parameters:
    ///   - keys: asked for at each verdict; nil believes verdicts without a signature.
    ///   - open: makes a reader of a topic, from its beginning.
    package init(
        wanted: WantedVerdict,
        keys: (@Sendable () -> VerificationKeys)? = nil,
        open: @escaping @Sendable (Topic) throws -> KafkaReader
    ) {
        self.wanted = wanted
        self.keys = keys
        self.open = open
    }

    package var trouble: String? {
        doubt.map { "a verdict on \(wanted.name) is on the topic, and is not believed: \($0)" }
    }

    package mutating func next(until end: ContinuousClock.Instant) async throws -> PublishedVerdict? {
        if verdicts == nil { try await start(until: end) }
        if !known.isEmpty { return try asked(known.removeFirst()) }
        guard let verdicts else { return nil }
        while true {
            let left = end - ContinuousClock.now
            guard left > .zero, let record = try await verdicts.next(timeout: left) else { return nil }
            guard let (published, problem) = read(record), isMeant(published.verdict) else { continue }
            guard let problem else { return try asked(published) }
            doubt = problem
        }
    }

    /// The topic of rollout events is read only when its events are wanted: a pipeline need not have the right to it.
    package mutating func action(
        on verdict: Verdict,
        until end: ContinuousClock.Instant
    ) async throws -> RolloutAction? {
        guard ContinuousClock.now < end else { return nil }
        let reader = try open(.rollouts)
        do {
            var found: RolloutAction?
            func read(_ record: KafkaRecord) {
                guard let action = Self.action(in: record), action.verdictID == verdict.id else { return }
                found = action
            }
            try await reader.readUpToEnd(timeout: max(.seconds(1), end - ContinuousClock.now), read)
            while found == nil {
                let left = end - ContinuousClock.now
                guard left > .zero, let record = try await reader.next(timeout: left) else { break }
                read(record)
            }
            await reader.close()
            return found
        } catch {
            await reader.close()
            throw error
        }
    }

    package func close() async { await verdicts?.close() }

    /// Throws where a caller who names an event would get a verdict that goes by what another one asks for.
    private func asked(_ published: PublishedVerdict) throws(OtherRelease) -> PublishedVerdict {
        guard case .event = wanted, let event = deployment?.event,
            let difference = published.verdict.otherRequest(than: event)
        else { return published }
        throw OtherRelease(description: "the verdict on \(wanted.name) does not count: \(difference)")
    }

    private func isMeant(_ verdict: Verdict) -> Bool {
        deployment?.isAnswered(by: verdict) ?? wanted.matches(verdict)
    }

    private mutating func start(until end: ContinuousClock.Instant) async throws {
        deployment = try WantedDeployment(wanted, among: try await deployEvents(until: end))
        if let event = deployment?.event, !wanted.filter.fits(event.release, version: event.version) {
            throw OtherRelease(wanted: wanted, is: event.release, version: event.version)
        }
        let reader = try open(.verdicts)
        verdicts = reader
        var found: [PublishedVerdict] = []
        var doubt: VerificationKeys.Problem?
        let hole = try await reader.readUpToEnd(timeout: max(.seconds(1), end - ContinuousClock.now)) { record in
            guard let (published, problem) = read(record) else { return }
            let verdict = published.verdict
            guard deployment?.isAnswered(by: verdict) ?? wanted.names(verdict) else { return }
            if let problem { doubt = problem } else { found.append(published) }
        }
        self.doubt = doubt
        guard deployment == nil else { return known = found.decidedLast }
        // The deployment came in another way, or was deleted from its topic: the newest analysis counts.
        if let hole { try UnreadablePart.check(hole, wanted) }
        known = try Self.newest(found, wanted).decidedLast
    }

    /// Those of the analysis that was opened last.
    static func newest(_ found: [PublishedVerdict], _ wanted: WantedVerdict) throws -> [PublishedVerdict] {
        if let ambiguity = wanted.filter.ambiguity(among: found.map(\.verdict.release)) { throw ambiguity }
        guard let newest = found.max(by: { $0.verdict.openedAt < $1.verdict.openedAt })?.verdict else { return [] }
        guard wanted.matches(newest) else {
            throw OtherRelease(wanted: wanted, is: newest.release, version: newest.version)
        }
        return found.filter { $0.verdict.session == newest.session }
    }

    private func deployEvents(until end: ContinuousClock.Instant) async throws -> [WantedDeployment.Published] {
        let reader = try open(.deployEvents)
        var published: [WantedDeployment.Published] = []
        do {
            let hole = try await reader.readUpToEnd(timeout: max(.seconds(1), end - ContinuousClock.now)) { record in
                guard let event = Self.deployEvent(in: record) else { return }
                published.append(
                    .init(event: event, writtenAt: record.timestampMilliseconds, offset: record.offset)
                )
            }
            if let hole { try UnreadablePart.check(hole, wanted) }
        } catch {
            await reader.close()
            throw error
        }
        await reader.close()
        return published
    }

    /// Other programs may write to the topics; what is none of ours is not for us.
    private static func deployEvent(in record: KafkaRecord) -> DeployEvent? {
        guard let event = try? record.event(), case .deploy(let deploy) = DeployEventDecoder.decode(event)
        else { return nil }
        return deploy
    }

    /// A verdict, and why it is not believed.
    private func read(_ record: KafkaRecord) -> (verdict: PublishedVerdict, problem: VerificationKeys.Problem?)? {
        guard let event = try? record.event(), let verdict = PublishedVerdict(event) else { return nil }
        return (verdict, keys?().problem(of: event))
    }

    private static func action(in record: KafkaRecord) -> RolloutAction? {
        (try? record.event()).flatMap { try? RolloutEvent.decode($0) }
    }
}

/// What a pipeline names is not about the release that it says.
package struct OtherRelease: Error, Sendable, Equatable, CustomStringConvertible {
    package let description: String

    init(description: String) { self.description = description }

    package init(wanted: WantedVerdict, is release: ReleaseIdentity, version: String) {
        description = "\(wanted.name) is about \(version) of \(release), which is not what the options say"
    }
}
