/// The shop as a value: which version runs, which one gets which request, what a release or a rollout action changes.
struct ShopState: Sendable {
    static let maximumInFlight = 512
    static let rememberedActions = 256
    static let rememberedReleases = 64

    /// A version that takes traffic. Its metrics start at 0, as those of new pods do.
    struct Running: Sendable {
        let generation: Int
        let version: String
        let revision: String
        let behaviour: ShopBehaviour
        var metrics = ReleaseMetrics()
        var errors = EvenShare()
        var jitter = EvenSpread()
    }

    /// What became of a release.
    struct Past: Sendable, Equatable {
        enum Outcome: String, Sendable {
            case running, promoted, aborted, replaced
        }

        let version: String
        let revision: String
        var outcome: Outcome
    }

    /// Where a request goes and what it meets there.
    struct Assignment: Sendable, Equatable {
        let generation: Int
        let version: String
        let handler: ShopHandler
        let milliseconds: Double
        let fails: Bool
    }

    private(set) var stable: Running
    private(set) var canary: Running?
    /// Percent of requests that the canary takes.
    private(set) var canaryWeight = 0.0
    private(set) var releases: [Past] = []
    private(set) var inFlight = 0
    private var generations = 1
    private var splits: [ShopHandler: EvenShare]
    private var actions = RecentActions(capacity: rememberedActions)

    init(version: String, behaviour: ShopBehaviour = .healthy) {
        stable = Running(generation: 1, version: version, revision: "\(version)-1", behaviour: behaviour)
        // One split a page: with one for all, a period of the load could give the canary another mix of pages.
        splits = Dictionary(
            uniqueKeysWithValues: ShopHandler.allCases.enumerated().map { ($1, EvenShare(phase: Double($0) / 3)) }
        )
    }

    mutating func assign(_ handler: ShopHandler) throws(ShopError) -> Assignment {
        guard inFlight < Self.maximumInFlight else { throw .busy }
        inFlight += 1
        let toCanary = splits[handler, default: EvenShare()].next(share: canary == nil ? 0 : canaryWeight / 100)
        if toCanary, canary != nil {
            return Self.serve(handler, by: &canary) ?? Self.serve(handler, by: &stable)
        }
        return Self.serve(handler, by: &stable)
    }

    private static func serve(_ handler: ShopHandler, by running: inout Running?) -> Assignment? {
        guard var taken = running else { return nil }
        defer { running = taken }
        return serve(handler, by: &taken)
    }

    private static func serve(_ handler: ShopHandler, by running: inout Running) -> Assignment {
        let behaviour = running.behaviour
        let base = behaviour.latencyMilliseconds + running.jitter.next() * behaviour.jitterMilliseconds
        return Assignment(
            generation: running.generation,
            version: running.version,
            handler: handler,
            milliseconds: base * handler.work,
            fails: running.errors.next(share: behaviour.errorRatio)
        )
    }

    /// Counts a served request; what a removed version still had in flight goes uncounted, as its pods are.
    mutating func finish(_ assignment: Assignment, seconds: Double) {
        inFlight -= 1
        if assignment.generation == stable.generation {
            stable.metrics.record(assignment.handler, failed: assignment.fails, seconds: seconds)
        } else if assignment.generation == canary?.generation {
            canary?.metrics.record(assignment.handler, failed: assignment.fails, seconds: seconds)
        }
    }

    /// Starts a canary; one that is still running is replaced. Returns its revision.
    mutating func release(_ order: ReleaseOrder) throws(ShopError) -> String {
        guard order.version != stable.version else {
            throw .conflict("version \(order.version) is already the stable one")
        }
        close(.replaced)
        generations += 1
        let revision = order.revision ?? "\(order.version)-\(generations)"
        canary = Running(
            generation: generations,
            version: order.version,
            revision: revision,
            behaviour: order.behaviour
        )
        canaryWeight = order.weight
        releases.append(Past(version: order.version, revision: revision, outcome: .running))
        releases.removeFirst(max(0, releases.count - Self.rememberedReleases))
        return revision
    }

    /// Does what a rollout action asks for, once per key.
    mutating func apply(_ order: RolloutOrder, key: String) throws(ShopError) -> RolloutAnswer {
        if let earlier = actions[key] {
            guard earlier == order else {
                throw .conflict("the key \(key) was used before for another action")
            }
            return .repeated
        }
        guard let canary, canary.version == order.version, order.revision ?? canary.revision == canary.revision else {
            let asked = order.revision.map { "\(order.version) (revision \($0))" } ?? order.version
            let running = canary.map { "the canary is \($0.version) (revision \($0.revision))" } ?? "there is no canary"
            throw .conflict("version \(asked) is not the canary: \(running)")
        }
        switch order.action {
        case .promote:
            generations += 1
            stable = Running(
                generation: generations,
                version: canary.version,
                revision: canary.revision,
                behaviour: canary.behaviour
            )
            close(.promoted)
        case .abort: close(.aborted)
        case .hold: break
        }
        actions.insert(order, for: key)
        return .done
    }

    private mutating func close(_ outcome: Past.Outcome) {
        guard let canary else { return }
        if let index = releases.lastIndex(where: { $0.revision == canary.revision }) {
            releases[index].outcome = outcome
        }
        self.canary = nil
        canaryWeight = 0
    }
}
