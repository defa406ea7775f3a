import Foundation
import HTTPTransport
import Prometheus

/// The answer of a range query, read by the product and, in turns, by Foundation's JSONDecoder.
enum ResponseBenchmarks {
    static func table() async throws -> ResultTable {
        var table = ResultTable(
            "Answers to range queries",
            columns: ["answer", "reader", "time an answer", "MB/s", "samples/s", "spread"]
        )
        table.texts = 2
        var ratios: [String] = []
        for values in RangeAnswer.Values.allCases {
            let answer = RangeAnswer(values)
            let client = PrometheusClient(baseURL: "http://prometheus", http: FixedAnswer(body: answer.bytes))
            let data = Data(answer.bytes)
            func readByAssay() async throws -> RangeQueryResult {
                try await client.rangeQuery("q", start: answer.start, end: answer.end, step: answer.step)
            }
            try compare(try await readByAssay(), try CodableAnswer.read(data), answer)

            let (own, codable) = try await Measurement.ofPair(
                { keep(try await readByAssay()) },
                { keep(try CodableAnswer.read(data)) }
            )
            for (reader, measured) in [("assay", own), ("JSONDecoder", codable)] {
                table.add(
                    values.rawValue,
                    reader,
                    Shown.seconds(measured.median),
                    Shown.number(Double(answer.bytes.count) / measured.median / 1e6),
                    Shown.number(Double(RangeAnswer.sampleCount) / measured.median),
                    measured.spread
                )
            }
            let ratio = Measurement.ratio(codable, to: own)
            ratios.append(
                "- \(values.rawValue) (\(Shown.grouped(answer.bytes.count)) bytes): JSONDecoder takes"
                    + " \(Shown.number(ratio)) times as long."
            )
        }
        table.note = ratios.joined(separator: "\n")
        return table
    }

    /// Both have to read the same numbers.
    private static func compare(
        _ own: RangeQueryResult,
        _ codable: CodableAnswer,
        _ answer: RangeAnswer
    ) throws {
        try check(own.series.count == RangeAnswer.seriesCount, "series are missing")
        let other = Dictionary(uniqueKeysWithValues: codable.data.result.map { ($0.metric["pod"], $0.values) })
        for series in own.series {
            let expected = other[series.labels["pod"]]?.map(\.value)
            try check(series.values == expected, "the readers disagree on \(series.labels)")
        }
    }
}

/// Answers every request at once with the same body.
struct FixedAnswer: HTTPExecuting {
    let body: [UInt8]

    func execute(_ request: HTTPRequest) async throws(HTTPError) -> HTTPResponse {
        HTTPResponse(status: 200, body: body)
    }
}
