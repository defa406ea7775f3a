/// The experiment's share of the requests, as its event declares it and as the metric has seen it.
package struct SplitEvidence: Sendable, Equatable, Codable {
    /// 0 to 1.
    package var declared: Double
    /// 0 to 1.
    package var seen: Double
    /// The requests are not split as declared, beyond what chance and a share that wanders explain.
    package var isWrong: Bool

    package init(declared: Double, seen: Double, isWrong: Bool) {
        self.declared = declared
        self.seen = seen
        self.isWrong = isWrong
    }

    /// What limits the claim of the metric; nil while the split is as declared.
    var limit: String? {
        guard isWrong else { return nil }
        return "the split is not what the event says: \((declared * 100).readable) % declared,"
            + " \((seen * 100).readable) % seen"
    }
}
