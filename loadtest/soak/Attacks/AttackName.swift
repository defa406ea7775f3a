/// The attacks, in the order in which they run.
enum AttackName: String, Sendable, CaseIterable, Codable {
    /// None: what the others are compared with.
    case quiet
    case idleSockets = "idle-sockets"
    case slowHeaders = "slow-headers"
    case rubbish
    case zstdBombs = "zstd-bombs"
    case gzipBombs = "gzip-bombs"
    case openTransaction = "open-transaction"
    case forgedVerdicts = "forged-verdicts"
    case costlyPlans = "costly-plans"
    case wrongPlans = "wrong-plans"
    case stalledLog = "stalled-log"
    case largeAnswers = "large-answers"
    case endlessAnswers = "endless-answers"
    case sessionReaders = "session-readers"
    case tokenGuessing = "token-guessing"
    case readinessFlood = "readyz-flood"
    /// Last: what it leaves to be done goes on for longest.
    case manyApplications = "many-applications"

    var attack: any Attack {
        switch self {
        case .quiet: NoAttack()
        case .idleSockets: IdleSockets()
        case .slowHeaders: SlowHeaders()
        case .rubbish: Rubbish()
        case .zstdBombs: Bombs(codec: "zstd", bytes: 120 << 20, count: 4)
        case .gzipBombs: Bombs(codec: "gzip", bytes: 290 << 20, count: 2)
        case .openTransaction: StandingTransaction()
        case .forgedVerdicts: ForgedVerdicts()
        case .costlyPlans: CostlyPlans()
        case .wrongPlans: WrongPlans()
        case .stalledLog: StalledLog()
        case .largeAnswers: LargeAnswers(plan: .large)
        case .endlessAnswers: LargeAnswers(plan: .endless)
        case .sessionReaders: SessionReaders()
        case .tokenGuessing: TokenGuessing()
        case .readinessFlood: ReadinessFlood()
        case .manyApplications: ManyApplications()
        }
    }
}

/// Good releases alone.
struct NoAttack: Attack {
    func run(_ target: AttackTarget) async throws -> AttackOutcome {
        AttackOutcome(did: "nothing")
    }
}
