import Analysis

/// Everything that happens to one application during a run.
struct Story: Sendable, Equatable {
    enum Kind: String, Sendable, CaseIterable {
        /// One release.
        case plain
        /// The same event comes twice.
        case repeated
        /// An event of its own about the release that is under analysis already.
        case updated
        /// A newer version follows while the first is under analysis.
        case superseded
        /// The release is withdrawn while it is under analysis.
        case withdrawn
        /// The event of an older version arrives after that of a newer one.
        case late
        /// The withdrawal arrives before the deployment that it undoes.
        case withdrawnEarly

        /// Deploy events of the story that must get a final verdict.
        var verdicts: Int {
            switch self {
            case .superseded, .late: 2
            default: 1
            }
        }
    }

    var kind: Kind
    var application: String
    var isHealthy: Bool
    /// In the order in which they are published.
    var events: [StoryEvent]
}

/// One deploy event, relative to the start of the run.
struct StoryEvent: Sendable, Equatable {
    var id: String
    var application: String
    var version: String
    var phase = DeployEvent.Phase.deployed
    /// When it is published.
    var at: Duration
    /// How long before that it says it happened.
    var age = Duration.zero
    /// Further times at which the same record is published.
    var repeats: [Duration] = []
    /// Nil where the event asks for no verdict of its own.
    var expected: ExpectedVerdict?

    var revision: String { "\(application)-\(version)" }
}

/// What the final verdict on a deploy event must be.
enum ExpectedVerdict: Sendable, Equatable {
    /// The analysis runs to its end.
    case pass
    case fail
    /// Cancelled, without an analysis.
    case cancelled
    /// Cancelled by the event of that id, unless the analysis had ended before that event was taken in.
    case endedBy(event: String, otherwisePass: Bool)
}
