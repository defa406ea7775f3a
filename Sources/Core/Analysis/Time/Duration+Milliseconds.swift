extension Duration {
    /// Whole milliseconds, rounded towards zero, saturating.
    package var milliseconds: Int64 {
        let (seconds, attoseconds) = components
        let (scaled, overflow) = seconds.multipliedReportingOverflow(by: 1000)
        guard !overflow else { return seconds < 0 ? .min : .max }
        let (sum, sumOverflow) = scaled.addingReportingOverflow(attoseconds / 1_000_000_000_000_000)
        return sumOverflow ? (seconds < 0 ? .min : .max) : sum
    }

    package var seconds: Double { Double(milliseconds) / 1000 }

    /// The text that plans and settings use: `90s`, `5m`, `1h30m`, `250ms`.
    package var compactText: String {
        var rest = milliseconds
        guard rest != 0 else { return "0s" }
        var text = rest < 0 ? "-" : ""
        rest = rest == .min ? .max : abs(rest)
        for (unit, size) in Duration.compactUnits where rest >= size {
            text += "\(rest / size)\(unit)"
            rest %= size
        }
        return text
    }

    /// Parses `90s`, `5m`, `1h30m`, `250ms`, `2d`; nil for anything else, also for a negative or overflowing time.
    package init?(compactText text: String) {
        var total: Int64 = 0
        var rest = text[...]
        guard !rest.isEmpty, rest.utf8.count <= 32 else { return nil }
        var lastSize = Int64.max
        while !rest.isEmpty {
            let digits = rest.prefix { ("0"..."9").contains($0) }
            rest = rest.dropFirst(digits.count)
            let unit = rest.prefix { $0.isLetter }
            rest = rest.dropFirst(unit.count)
            guard let count = Int64(digits), let size = Duration.compactUnits.first(where: { $0.unit == unit })?.size,
                size < lastSize
            else { return nil }
            lastSize = size
            let (scaled, overflow) = count.multipliedReportingOverflow(by: size)
            let (sum, sumOverflow) = total.addingReportingOverflow(scaled)
            guard !overflow, !sumOverflow else { return nil }
            total = sum
        }
        self = .milliseconds(total)
    }

    private static let compactUnits: [(unit: String, size: Int64)] = [
        ("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1000), ("ms", 1),
    ]
}
