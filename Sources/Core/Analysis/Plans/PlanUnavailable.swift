/// Why there is no plan for an event, in one sentence.
package struct PlanUnavailable: Error, Sendable, Equatable, CustomStringConvertible {
    package let reason: String

    package init(reason: String) {
        self.reason = reason
    }

    package var description: String { reason }
}
