/// A request to `/api/v1/query_range`, read and refused as Prometheus 2.42 does it.
package struct RangeQuery: Sendable, Equatable {
    package var query: String
    /// Milliseconds since 1970.
    package var start: Int64
    package var end: Int64
    /// Milliseconds.
    package var step: Int64

    /// What a wrong request is answered with, with status 400.
    package struct Refusal: Error, Equatable {
        package var message: String
    }

    private static let maximumPoints: Int64 = 11_000

    /// - Parameter form: the body of a POST, `application/x-www-form-urlencoded`.
    package init(form: some Sequence<UInt8>) throws(Refusal) {
        let fields = Self.fields(form)
        start = try Self.time("start", fields["start"] ?? "")
        end = try Self.time("end", fields["end"] ?? "")
        guard end >= start else {
            throw Refusal(message: #"invalid parameter "end": end timestamp must not be before start time"#)
        }
        guard let step = Self.milliseconds(fields["step"] ?? "") else {
            let text = fields["step"] ?? ""
            throw Refusal(message: "invalid parameter \"step\": cannot parse \"\(text)\" to a valid duration")
        }
        guard step > 0 else {
            throw Refusal(
                message: #"invalid parameter "step": zero or negative query resolution step widths are not accepted."#
                    + " Try a positive integer"
            )
        }
        guard (end - start) / step <= Self.maximumPoints else {
            throw Refusal(
                message: "exceeded maximum resolution of 11,000 points per timeseries."
                    + " Try decreasing the query resolution (?step=XX)"
            )
        }
        self.step = step
        query = fields["query"] ?? ""
        guard !query.isEmpty else {
            throw Refusal(message: "1:1: parse error: no expression found in input")
        }
    }

    private static func time(_ name: String, _ text: String) throws(Refusal) -> Int64 {
        guard let milliseconds = milliseconds(text) else {
            throw Refusal(message: "invalid parameter \"\(name)\": cannot parse \"\(text)\" to a valid timestamp")
        }
        return milliseconds
    }

    /// Seconds as a decimal number; the API's other notations are not needed here.
    private static func milliseconds(_ text: String) -> Int64? {
        guard let seconds = Double(text), abs(seconds) < 1e12 else { return nil }
        return Int64((seconds * 1000).rounded())
    }

    private static func fields(_ form: some Sequence<UInt8>) -> [String: String] {
        var fields: [String: String] = [:]
        var name: [UInt8]?
        var part: [UInt8] = []
        var pending: [UInt8] = []
        func close() {
            if let known = name {
                fields[String(decoding: known, as: UTF8.self)] = String(decoding: part, as: UTF8.self)
            }
            name = nil
            part = []
        }
        for byte in form {
            if !pending.isEmpty {
                pending.append(byte)
                if pending.count == 3 {
                    part.append(UInt8(String(decoding: pending.dropFirst(), as: UTF8.self), radix: 16) ?? byte)
                    pending = []
                }
                continue
            }
            switch byte {
            case UInt8(ascii: "%"): pending = [byte]
            case UInt8(ascii: "+"): part.append(UInt8(ascii: " "))
            case UInt8(ascii: "&"): close()
            case UInt8(ascii: "=") where name == nil:
                name = part
                part = []
            default: part.append(byte)
            }
        }
        close()
        return fields
    }
}
