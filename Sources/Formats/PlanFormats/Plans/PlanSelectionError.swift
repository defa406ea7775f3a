/// Why no plan could be chosen for a deploy event.
package struct PlanSelectionError: Error, Sendable, Equatable, CustomStringConvertible {
    package enum Code: String, Sendable, CaseIterable {
        /// The event names a plan that does not exist.
        case unknownName
        /// The event names a plan that is for other releases.
        case otherRelease
        /// No plan is for this application and environment.
        case noMatch
        /// Two plans fit equally well.
        case ambiguous
        /// The event carries a plan that cannot be used.
        case badInlinePlan
    }

    package let code: Code
    /// One sentence for a person; for `.badInlinePlan` one error a line.
    package let reason: String

    init(_ code: Code, _ reason: String) {
        self.code = code
        self.reason = reason
    }

    package var description: String { reason }
}
