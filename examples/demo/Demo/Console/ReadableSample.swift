import Analysis

/// Numbers as a person reads them.
enum ReadableSample {
    static func text(_ value: Double, _ unit: DemoUnit) -> String {
        guard value.isFinite else { return "-" }
        switch unit {
        case .ratio: return "\(fixed(value * 100, 2)) %"
        case .seconds: return "\(fixed(value * 1000, 1)) ms"
        case .perSecond: return "\(fixed(value, 1))/s"
        case .plain: return fixed(value, 3)
        }
    }

    /// `×1.25`; empty where there is no ratio to speak of.
    static func ratio(_ value: Double?) -> String {
        guard let value, value.isFinite else { return "" }
        return "×\(fixed(value, 2))"
    }

    /// Always so many digits after the point, so that columns line up.
    private static func fixed(_ value: Double, _ decimals: Int) -> String {
        let text = value.formatted(decimals: decimals)
        guard decimals > 0, abs(value) < 1e12 else { return text }
        let digits = text.split(separator: ".").dropFirst().first?.count ?? 0
        return text + (digits == 0 ? "." : "") + String(repeating: "0", count: max(0, decimals - digits))
    }

    /// `14:02:11`, in UTC.
    static func time(_ timestamp: Timestamp) -> String {
        String(timestamp.rfc3339.dropFirst(11).prefix(8))
    }

    static func duration(_ duration: Duration) -> String {
        let seconds = max(0, duration.milliseconds / 1000)
        return seconds < 120 ? "\(seconds) s" : "\(seconds / 60) min \(seconds % 60) s"
    }
}
