import EventFormats

/// What became of an envelope. Each door says it in its own way: a status, a dead letter.
package enum IntakeOutcome: Sendable, Equatable {
    /// It is kept, durably. `session` is what it opens, unless it turns out to change an analysis under way; nil for a change
    /// that opens none.
    case accepted(session: String?)
    /// It was taken in before.
    case duplicate(session: String?)
    /// It begins and ends no analysis.
    case ignored(reason: String)
    case refused(IntakeRefusal)

    /// For counting.
    var name: String {
        switch self {
        case .accepted: "accepted"
        case .duplicate: "duplicate"
        case .ignored: "unknown_type"
        case .refused(let refusal):
            switch refusal.reason {
            case IntakeRefusal.idOfAnotherEvent: "conflict"
            case IntakeRefusal.sourceFull: "source_full"
            default: "malformed"
            }
        }
    }

    static let names = ["accepted", "duplicate", "malformed", "unknown_type", "conflict", "source_full"]
}

/// Why an envelope is not taken in. But for `sourceFull` it never will be.
package struct IntakeRefusal: Error, Sendable, Equatable, CustomStringConvertible {
    /// A short class, for counting.
    package let reason: String
    /// One sentence for a person.
    package let message: String

    package init(reason: String, message: String) {
        self.reason = reason
        self.message = message
    }

    package static let badDeployEvent = "badDeployEvent"
    package static let badInlinePlan = "badInlinePlan"
    package static let idOfAnotherEvent = "idOfAnotherEvent"
    /// The event's source has as many analyses as it may, and too many of its events wait.
    package static let sourceFull = "sourceFull"
    /// The client library could not decompress or parse what stands there.
    package static let unreadable = "unreadable"

    static let reasons =
        CloudEventError.Code.allCases.map(\.rawValue) + [
            badDeployEvent, badInlinePlan, idOfAnotherEvent, sourceFull, unreadable,
        ]

    package var description: String { message }
}

/// Nothing is taken in for the time being: too much waits in the store.
package struct IntakeClosed: Error, Sendable, Equatable, CustomStringConvertible {
    package let reason: String

    package init(reason: String) {
        self.reason = reason
    }

    package var description: String { "\(reason): nothing was taken in; send the event again later" }
}
