import Analysis
package import JSON

/// Numbers and times as Java writes them.
extension JSONValue {
    /// With a point, and as a text where JSON has no number for it.
    package static func java(_ value: Double) -> JSONValue {
        value.isFinite ? .number(value.description) : .double(value)
    }
}

extension Timestamp {
    /// `Instant.toString`: no fraction where it is 0.
    var javaText: String {
        let text = rfc3339
        return text.hasSuffix(".000Z") ? text.dropLast(5) + "Z" : text
    }
}

extension Duration {
    /// `Duration.toString`: `PT1H30M`.
    var javaText: String {
        let total = milliseconds
        guard total != 0 else { return "PT0S" }
        let (hours, minutes, rest) = (total / 3_600_000, total / 60_000 % 60, total % 60_000)
        var text = "PT"
        if hours != 0 { text += "\(hours)H" }
        if minutes != 0 { text += "\(minutes)M" }
        guard rest != 0 else { return text }
        var fraction = String(1000 + rest.magnitude % 1000).dropFirst()
        while fraction.last == "0" { fraction.removeLast() }
        let sign = rest < 0 ? "-" : ""
        return text + "\(sign)\(rest.magnitude / 1000)\(fraction.isEmpty ? "" : ".\(fraction)")S"
    }
}
