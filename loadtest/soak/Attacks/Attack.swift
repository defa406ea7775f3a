/// One way to do harm.
protocol Attack: Sendable {
    /// What must be there before it can begin, such as a session to be read; part of no phase.
    func prepare(_ target: AttackTarget) async throws

    /// Attacks until the time given at most.
    func run(_ target: AttackTarget) async throws -> AttackOutcome
}

extension Attack {
    func prepare(_ target: AttackTarget) async throws {}
}

/// What is attacked, for how long, and how hard.
struct AttackTarget: Sendable {
    var world: World
    var good: GoodReleases
    var verdicts: SeenVerdicts
    var end: ContinuousClock.Instant
    /// From 0 to 1: the share of the numbers that each attack names.
    var scale: Double

    func scaled(_ count: Int) -> Int { max(1, Int((Double(count) * scale).rounded())) }

    /// Throws while the service does not listen.
    func port() throws -> Int {
        guard let port = world.port else { throw AttackFailure("the service does not listen") }
        return port
    }

    func probesPort() throws -> Int {
        guard let port = world.probesPort else { throw AttackFailure("the service does not listen for probes") }
        return port
    }

    /// Waits for the end of the attack.
    func wait() async { try? await ContinuousClock().sleep(until: end) }
}

/// What an attack did.
struct AttackOutcome: Sendable, Equatable {
    /// One sentence.
    var did: String
    /// What the service turned away at its door, as the attacker saw it.
    var refused = 0
}

/// Why an attack could not be carried out.
struct AttackFailure: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}
