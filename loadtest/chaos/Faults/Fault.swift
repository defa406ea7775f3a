/// One thing that goes wrong, and for how long.
struct Fault: Sendable, Equatable {
    enum Kind: String, Sendable, CaseIterable {
        case kill
        case pause
        /// As `pause`, at a moment at which the replica keeps the others from answering events or appending to the outbox.
        case pauseUnderLock
        case stop
        case postgresCrash
        case postgresRestart
        case connectionsCut
        case diskFull
        case brokerDown
        case prometheusDown

        /// Whether it happens to one replica.
        var isOfReplica: Bool {
            switch self {
            case .kill, .pause, .pauseUnderLock, .stop: true
            default: false
            }
        }

        var text: String {
            switch self {
            case .kill: "kill -9"
            case .pause: "paused (STOP, CONT)"
            case .pauseUnderLock: "paused under a lock"
            case .stop: "stopped (TERM)"
            case .postgresCrash: "Postgres crashes (immediate)"
            case .postgresRestart: "Postgres restarts (fast)"
            case .connectionsCut: "Postgres cuts all connections"
            case .diskFull: "disk of the tables full"
            case .brokerDown: "broker out of reach"
            case .prometheusDown: "Prometheus down"
            }
        }
    }

    var kind: Kind
    /// The replica's number; nil where the fault is not one replica's.
    var replica: Int?
    /// After the start of the run.
    var at: Duration
    var lasting: Duration

    var text: String { (replica.map { "replica \($0) " } ?? "") + kind.text }
}
