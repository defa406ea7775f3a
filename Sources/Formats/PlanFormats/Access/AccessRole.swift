/// What a token of the HTTP interface is good for. A role allows what it names and nothing beyond it.
package enum AccessRole: String, CaseIterable, Sendable {
    /// Requests that change nothing: pages, lists, reports, verdicts, gates.
    case read
    /// Deploy events, also those of other systems, and the end of an analysis.
    case emit
    /// What rollout controllers write: where they left off, and what they did.
    case act
    /// A person's word: approve, abort, cancel, whether a verdict was right, a failed action once more.
    case approve
    /// Everything.
    case admin
}
