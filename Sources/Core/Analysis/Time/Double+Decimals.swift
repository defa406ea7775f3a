extension Double {
    /// Plain decimal text with at most `decimals` (0 to 6) digits after the point, for sentences meant for people.
    /// Else `NaN`, `Inf` or `-Inf`.
    package func formatted(decimals: Int) -> String {
        // A NaN may have a sign, which says nothing.
        if isNaN { return "NaN" }
        if isInfinite { return self < 0 ? "-Inf" : "Inf" }
        guard abs(self) < 1e12 else { return "\(self)" }
        var scale: Int64 = 1
        for _ in 0..<min(max(0, decimals), 6) { scale *= 10 }
        let scaled = Int64((self * Double(scale)).rounded())
        let whole = abs(scaled) / scale
        var fraction = String(abs(scaled) % scale + scale).dropFirst()
        while fraction.last == "0" { fraction.removeLast() }
        return (scaled < 0 ? "-" : "") + "\(whole)" + (fraction.isEmpty ? "" : ".\(fraction)")
    }
}
