/// What a look that fails leads to where another change fits the faults better than the release does.
package enum OtherChangesPolicy: String, Sendable, Codable, CaseIterable {
    /// The release fails, and its verdict names the change.
    case tell
    /// The look decides nothing; where that is so at the last look, the verdict is inconclusive.
    case hold
}
