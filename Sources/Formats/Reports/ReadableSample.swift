package import Analysis
import Judging

/// Numbers as a person reads them.
package enum ReadableSample {
    /// Always so many digits after the point, so that columns line up.
    package static func text(_ value: Double, _ unit: MetricUnit) -> String {
        guard value.isFinite else { return value.formatted(decimals: 0) }
        switch unit {
        case .ratio: return "\(fixed(value * 100, 2)) %"
        case .seconds: return abs(value) < 10 ? "\(fixed(value * 1000, 1)) ms" : "\(fixed(value, 2)) s"
        case .bytes: return bytes(value)
        case .bytesPerSecond: return "\(bytes(value))/s"
        case .perSecond: return "\(fixed(value, 1))/s"
        case .plain: return fixed(value, 3)
        }
    }

    /// `×1.25`; empty where there is no ratio to speak of.
    package static func ratio(_ value: Double?) -> String {
        guard let value, value.isFinite else { return "" }
        return "×\(fixed(value, 2))"
    }

    /// A number that rounding would make 0, or that is very long, is written as it is.
    private static func fixed(_ value: Double, _ decimals: Int) -> String {
        let text = value.formatted(decimals: decimals)
        guard abs(value) < 1e12, value == 0 || Double(text) != 0 else { return value.readable }
        guard decimals > 0 else { return text }
        let digits = text.split(separator: ".").dropFirst().first?.count ?? 0
        return text + (digits == 0 ? "." : "") + String(repeating: "0", count: max(0, decimals - digits))
    }

    private static func bytes(_ value: Double) -> String {
        var (value, units) = (value, ["KiB", "MiB", "GiB", "TiB"][...])
        var unit = "B"
        while abs(value) >= 1024, let next = units.popFirst() {
            value /= 1024
            unit = next
        }
        return "\(fixed(value, 1)) \(unit)"
    }

    /// `14:02:11`, in UTC.
    package static func time(_ timestamp: Timestamp) -> String {
        String(timestamp.rfc3339.dropFirst(11).prefix(8))
    }

    package static func duration(_ duration: Duration) -> String {
        let seconds = max(0, duration.milliseconds / 1000)
        return seconds < 120 ? "\(seconds) s" : "\(seconds / 60) min \(seconds % 60) s"
    }
}
