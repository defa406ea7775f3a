import Judging

/// What the rollout controller did about a verdict, or why it did nothing.
package struct RolloutAction: Sendable, Equatable {
    package enum Kind: OpenEnumeration {
        /// The new version gets all traffic.
        case promote
        /// The new version loses all traffic.
        case abort
        /// The new version gets the traffic of its next step.
        case advance
        /// The new version keeps its traffic.
        case hold
        case none
        /// A name that a newer version has made.
        case unknown(String)

        package static let allCases: [Kind] = [.promote, .abort, .advance, .hold, .none]

        package var rawValue: String {
            switch self {
            case .promote: "promote"
            case .abort: "abort"
            case .advance: "advance"
            case .hold: "hold"
            case .none: "none"
            case .unknown(let name): name
            }
        }
    }

    package enum Outcome: OpenEnumeration {
        case done
        case failed
        /// Nothing was to be done: the release was superseded, or is already as it should be.
        case skipped
        /// The action was decided and shown, but not carried out.
        case dryRun
        /// A name that a newer version has made.
        case unknown(String)

        package static let allCases: [Outcome] = [.done, .failed, .skipped, .dryRun]

        package var rawValue: String {
            switch self {
            case .done: "done"
            case .failed: "failed"
            case .skipped: "skipped"
            case .dryRun: "dryRun"
            case .unknown(let name): name
            }
        }
    }

    /// Derived from the verdict and the actuator, so that a repeat carries the same id.
    package var id: String
    package var verdictID: String
    package var session: String
    package var application: String
    package var environment: String
    package var namespace: String?
    package var cluster: String?
    package var version: String
    package var revision: String?
    package var workload: String?
    package var action: Kind
    package var outcome: Outcome
    /// The name of what acted, for example `argo-rollouts` or `webhook`.
    package var actuator: String
    /// Why, in one sentence.
    package var reason: String
    /// What was changed, or the answer of the other side; nil where there is nothing to add.
    package var detail: String?
    package var traceparent: String?
    package var at: Timestamp

    package init(
        verdict: Verdict,
        action: Kind,
        outcome: Outcome,
        actuator: String,
        reason: String,
        detail: String? = nil,
        at: Timestamp
    ) {
        id = Self.id(verdictID: verdict.id, actuator: actuator)
        verdictID = verdict.id
        session = verdict.session
        application = verdict.application
        environment = verdict.environment
        namespace = verdict.namespace
        cluster = verdict.cluster
        version = verdict.version
        revision = verdict.revision
        workload = verdict.workload
        self.action = action
        self.outcome = outcome
        self.actuator = actuator
        self.reason = reason
        self.detail = detail
        traceparent = verdict.traceparent
        self.at = at
    }

    package init(
        id: String,
        verdictID: String,
        session: String,
        application: String,
        environment: String,
        version: String,
        action: Kind,
        outcome: Outcome,
        actuator: String,
        reason: String,
        at: Timestamp
    ) {
        self.id = id
        self.verdictID = verdictID
        self.session = session
        self.application = application
        self.environment = environment
        self.version = version
        self.action = action
        self.outcome = outcome
        self.actuator = actuator
        self.reason = reason
        self.at = at
    }

    package static func id(verdictID: String, actuator: String) -> String { "\(verdictID)/\(actuator)" }
}
