/// What the synthetic back end answers: status and JSON, byte for byte as Prometheus 2.42 writes them.
package struct QueryAnswer: Sendable, Equatable {
    /// Bytes that follow the body over and over.
    package struct Continuation: Sendable, Equatable {
        package var bytes: [UInt8]
        /// How often; nil for ever.
        package var times: Int?

        package init(_ bytes: [UInt8], times: Int?) {
            self.bytes = bytes
            self.times = times
        }
    }

    package var status: Int
    package var body: [UInt8]
    package var continuation: Continuation?

    package init(status: Int, body: [UInt8], continuation: Continuation? = nil) {
        self.status = status
        self.body = body
        self.continuation = continuation
    }

    /// As a Prometheus that is too busy: the query ran out of time.
    package static let timedOut = error(503, "timeout", "query timed out in expression evaluation")

    package static func error(_ status: Int, _ type: String, _ message: String) -> QueryAnswer {
        QueryAnswer(
            status: status,
            body: Array(#"{"status":"error","errorType":"\#(type)","error":"\#(escaped(message))"}"#.utf8)
        )
    }

    package static func matrix(_ query: RangeQuery, of series: [SyntheticSeries]) -> QueryAnswer {
        var body = Array(#"{"status":"success","data":{"resultType":"matrix","result":["#.utf8)
        body.reserveCapacity(256)
        var isFirst = true
        for one in series {
            let mark = body.count
            if !isFirst { body.append(UInt8(ascii: ",")) }
            body += Array(#"{"metric":{"#.utf8)
            for (place, label) in one.labels.enumerated() {
                if place > 0 { body.append(UInt8(ascii: ",")) }
                body += "\"\(label.name)\":\"\(escaped(label.value))\"".utf8
            }
            body += Array(#"},"values":["#.utf8)
            let hasSamples = append(one, query, to: &body)
            // A series without a sample in the range is left out.
            guard hasSamples else {
                body.removeSubrange(mark...)
                continue
            }
            body += Array("]}".utf8)
            isFirst = false
        }
        body += Array("]}}".utf8)
        return QueryAnswer(status: 200, body: body)
    }

    private static func append(_ series: SyntheticSeries, _ query: RangeQuery, to body: inout [UInt8]) -> Bool {
        var hasSamples = false
        for time in stride(from: query.start, through: query.end, by: Int(query.step)) {
            guard let tenths = series.tenths(at: time) else { continue }
            if hasSamples { body.append(UInt8(ascii: ",")) }
            hasSamples = true
            body += "[\(seconds(time)),\"\(decimal(tenths))\"]".utf8
        }
        return hasSamples
    }

    private static func seconds(_ milliseconds: Int64) -> String {
        let rest = milliseconds % 1000
        return rest == 0 ? "\(milliseconds / 1000)" : "\(milliseconds / 1000)." + String("\(rest + 1000)".dropFirst())
    }

    private static func decimal(_ tenths: Int64) -> String {
        tenths % 10 == 0 ? "\(tenths / 10)" : "\(tenths / 10).\(tenths % 10)"
    }

    private static func escaped(_ text: String) -> String {
        text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
    }
}
