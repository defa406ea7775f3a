extension RatioEstimate {
    /// Ratios are told apart up to it: an estimate or an end of an interval that lies there means "or more", and at its
    /// inverse "or less".
    private static let largest = 32.0

    /// A ratio without an interval, such as that of two means, has no such bounds.
    private func isHighest(_ ratio: Double) -> Bool { confidence > 0 && ratio >= Self.largest * 0.999 }
    private func isLowest(_ ratio: Double) -> Bool { confidence > 0 && ratio <= 1.001 / Self.largest }

    /// `2.41 times the control`, `32 times the control or more`.
    package func times(_ reference: String) -> String {
        if isHighest(estimate) { return "\(Self.largest.brief) times \(reference) or more" }
        if isLowest(estimate) { return "1/\(Self.largest.brief) of \(reference) or less" }
        return "\(estimate.brief) times \(reference)"
    }

    /// `1.8 to 3.1 times`, `at least 8.2 times`, `at most 1.3 times`; nil where nothing is ruled out, and for a ratio
    /// without an interval.
    package var interval: String? { range.map { "\($0) times" } }

    /// `×2.41 (1.8 to 3.1)`: the same for a cell of a table.
    package var cell: String {
        let value =
            isHighest(estimate)
            ? "≥ ×\(Self.largest.brief)"
            : isLowest(estimate) ? "≤ ×\((1 / Self.largest).brief)" : "×\(estimate.brief)"
        return range.map { "\(value) (\($0))" } ?? value
    }

    private var range: String? {
        guard confidence > 0, lower < upper else { return nil }
        switch (isLowest(lower), isHighest(upper)) {
        case (false, false): return "\(lower.brief) to \(upper.brief)"
        case (false, true): return "at least \(lower.brief)"
        case (true, false): return "at most \(upper.brief)"
        case (true, true): return nil
        }
    }
}
