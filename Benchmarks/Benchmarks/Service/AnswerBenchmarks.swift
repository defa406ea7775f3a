import Benchmark
import Foundation
import HTTPTransport
import Harness
import Measuring
import Prometheus

/// The answer of a range query, read by the product and, in turns, by Foundation's JSONDecoder.
enum AnswerBenchmarks {
    static func register() {
        for values in RangeAnswer.Values.allCases {
            let name = "answers-\(values.rawValue)"
            Benchmark.race(name, between: ["assay", "JSONDecoder"]) {
                let answer = RangeAnswer(values)
                let client = PrometheusClient(baseURL: "http://prometheus", http: FixedAnswer(body: answer.bytes))
                let data = Data(answer.bytes)
                @Sendable func readByAssay() async throws -> RangeQueryResult {
                    try await client.rangeQuery("q", start: answer.start, end: answer.end, step: answer.step)
                }
                try compare(try await readByAssay(), try CodableAnswer.read(data))
                Results.record(name, "bytes", answer.bytes.count)
                Results.record(name, "samples", RangeAnswer.sampleCount)
                return [
                    .here("assay") { keep(try await readByAssay()) },
                    .here("JSONDecoder") { keep(try CodableAnswer.read(data)) },
                ]
            }
        }
    }

    /// Both have to read the same numbers.
    private static func compare(_ own: RangeQueryResult, _ codable: CodableAnswer) throws {
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
