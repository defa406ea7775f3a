import Analysis
import Histogram

/// How figures are written.
enum Figures {
    /// Three digits that count.
    static func number(_ value: Double) -> String {
        let size = abs(value)
        return value.formatted(decimals: size >= 100 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3)
    }

    static func seconds(_ time: Duration?) -> String {
        time.map { number($0 / .seconds(1)) } ?? "-"
    }

    /// Percentiles of milliseconds, in seconds, separated by slashes; the last one is the maximum.
    static func percentiles(_ histogram: Histogram<UInt64>, _ percentiles: [Double]) -> String {
        guard histogram.totalCount > 0 else { return "-" }
        let values = percentiles.map { Double(histogram.valueAtPercentile($0)) / 1000 }
        return (values + [Double(histogram.max) / 1000]).map { number($0) }.joined(separator: " / ")
    }

    static func mebibytes(_ bytes: Int) -> String { number(Double(bytes) / Double(1 << 20)) }
}
