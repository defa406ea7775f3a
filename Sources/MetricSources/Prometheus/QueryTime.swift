/// Times and durations as the API writes them.
enum QueryTime {
    /// Milliseconds as seconds with as many decimals as needed: `1435781430.781`, `60`.
    static func seconds(_ milliseconds: Int64) -> String {
        let (whole, rest) = milliseconds.magnitude.quotientAndRemainder(dividingBy: 1000)
        let sign = milliseconds < 0 ? "-" : ""
        guard rest != 0 else { return "\(sign)\(whole)" }
        var decimals = String(rest)
        decimals = String(repeating: "0", count: 3 - decimals.count) + decimals
        while decimals.last == "0" { decimals.removeLast() }
        return "\(sign)\(whole).\(decimals)"
    }

    static func seconds(_ duration: Duration) -> String {
        seconds(milliseconds(duration))
    }

    private static func milliseconds(_ duration: Duration) -> Int64 {
        let (seconds, attoseconds) = duration.components
        let bounded = max(-1_000_000_000_000, min(seconds, 1_000_000_000_000))
        return bounded * 1000 + attoseconds / 1_000_000_000_000_000
    }
}
