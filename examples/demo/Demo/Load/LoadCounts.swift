/// What became of the requests of a load generator.
package struct LoadCounts: Sendable, Equatable {
    package var sent = 0
    /// Answered with 2xx.
    package var succeeded = 0
    /// Answered with anything else.
    package var refused = 0
    /// Not answered.
    package var failed = 0
    /// Not sent, because too many were under way.
    package var skipped = 0

    package init() {}
}
