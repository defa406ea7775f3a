/// What callers without a token may read of an interface that has one.
package enum PublicReads: String, CaseIterable, Sendable {
    case none
    /// The list of analyses: which versions of which applications passed, and nothing about how they were judged.
    case summary
    case all
}
