import EventFormats
import Foundation
import PromQLLexer

@testable import HTTPTransport
@testable import Prometheus

extension FuzzTarget {
    /// The answer to a range query, as it comes over the network: cut anywhere, it is the same answer.
    ///
    /// The first byte says where the answer is cut.
    static let prometheusAnswer = FuzzTarget("prometheus-answer", dictionary: "prometheus") { bytes in
        let body = Array(bytes.dropFirst())
        guard let grid = QueryGrid(start: 1_435_781_430_000, end: 1_435_781_490_000, step: 15_000) else { return }
        let whole = outcome(of: body, grid)
        let arrived = PrometheusProperties.inPieces(body, size: Int(bytes.first ?? 0) % 32 + 1)
        try require(arrived == body, "the answer does not arrive as it was sent")
        switch whole {
        case .failure(let failure): try requireCleanLine(failure.message)
        case .success(let response):
            let series = response.series ?? []
            try require(series.count <= limits.series, "\(series.count) series")
            for one in series {
                try require(one.values.count == grid.count, "a column has \(one.values.count) values")
                try requireCleanLine(one.labels.description, maximumBytes: bytes.count * 10 + 2)
            }
            try require(response.warnings.count <= ResponseParser.maximumMessages, "too many warnings")
            for message in response.warnings + response.infos where !message.isEmpty { try requireCleanLine(message) }
            try PrometheusProperties.agree(response, with: body, on: grid)
        }
        let again = outcome(of: arrived, grid)
        try require("\(whole)" == "\(again)", "the same answer is read in two ways")
    }

    private static let limits = ResponseParser.Limits(series: 20, values: 100)

    private static func outcome(of body: [UInt8], _ grid: QueryGrid) -> Result<ParsedResponse, ResponseFailure> {
        Result { () throws(ResponseFailure) in
            var parser = ResponseParser(grid: grid, limits: limits)
            return try parser.parse(body)
        }
    }

    /// The answer with an error status: `status: 503`, an empty line, the body.
    static let prometheusError = FuzzTarget("prometheus-error", maximumBytes: 1024, dictionary: "prometheus") { bytes in
        let input = HeadedInput(bytes)
        let query = input.text("query") ?? "up"
        let fields = input.headers.dropFirst().map {
            HTTPHeaders.Field(name: $0.name, value: String(decoding: $0.value ?? [], as: UTF8.self))
        }
        let words = ServerWords(input.body ?? []) { Redaction.words($0, known: ["s3cr3t"]) }
        let error = PrometheusError(
            status: input.number,
            headers: HTTPHeaders(Array(fields)),
            words: words,
            to: [.post, .get],
            query: query
        )
        try requireCleanLine(error.message)
        try require(!(words.text ?? "").contains("s3cr3t"), "a secret is shown: \(words.text ?? "")")
        // Nothing but Prometheus' own words ends an analysis.
        let isOwn = words.form?.type == "bad_data" && [400, 422].contains(input.number)
        try require(error.code != .badQuery || isOwn, "a query is refused by \(error.message)")
        if !error.query.isEmpty { try requireCleanLine(error.query) }
    }

    /// A template, an empty line, a value: whatever the value is, it stays inside of its string.
    static let queryTemplate = FuzzTarget("query-template", maximumBytes: 512, dictionary: "promql") { bytes in
        let parts = PrometheusProperties.split(bytes)
        guard let source = String(validating: parts.0, as: UTF8.self) else { return }
        let value = String(decoding: parts.1, as: UTF8.self)
        let template: QueryTemplate
        do { template = try QueryTemplate(parsing: source) } catch let error as QueryTemplateError {
            return try requireCleanLine(error.description)
        }
        // A template whose own text is no PromQL has no structure to keep.
        guard let plain = try? template.expand(PrometheusProperties.variables("v")),
            let shape = try? PromQLToken.tokens(of: plain).map(\.shape)
        else { return }
        do {
            let query = try template.expand(PrometheusProperties.variables(value))
            try require(query.utf8.count <= QueryTemplate.maximumExpansion, "a query has \(query.utf8.count) bytes")
            let tokens = try PromQLToken.tokens(of: query).map(\.shape)
            try require(tokens == shape, "\(value.debugDescription) changes \(source) to \(query)")
        } catch let error as QueryTemplateError {
            try requireCleanLine(error.description)
        }
    }
}

enum PrometheusProperties {
    /// The body as the transport collects it, in pieces of so many bytes.
    static func inPieces(_ body: [UInt8], size: Int) -> [UInt8] {
        var accumulator = ResponseAccumulator(maximumBytes: body.count)
        var rest = body[...]
        while !rest.isEmpty {
            let piece = rest.prefix(size)
            guard piece.withUnsafeBytes({ accumulator.appendBody($0) }) else { return [] }
            rest = rest.dropFirst(piece.count)
        }
        return accumulator.body
    }

    /// Another reader of JSON sees the same series and values, where it accepts the text.
    static func agree(_ response: ParsedResponse, with body: [UInt8], on grid: QueryGrid) throws {
        struct Answer: Decodable {
            struct Payload: Decodable { var result: [Series]? }
            struct Series: Decodable { var metric: [String: String]? }
            var status: String?
            var data: Payload?
        }
        guard let answer = try? JSONDecoder().decode(Answer.self, from: Data(body)),
            !hasRepeatedMembers(body)
        else { return }
        try require(answer.status == response.status, "the status is read as \(response.status ?? "nothing")")
        guard let result = answer.data?.result, let series = response.series else { return }
        try require(result.count == series.count, "\(result.count) series are read as \(series.count)")
        for (one, other) in zip(result, series) {
            try require((one.metric ?? [:]).count == other.labels.pairs.count, "labels are lost: \(other.labels)")
        }
    }

    /// Of repeated members one reader takes the first and the other the last. A rough sign is enough.
    private static func hasRepeatedMembers(_ body: [UInt8]) -> Bool {
        let names = String(decoding: body, as: UTF8.self).split(separator: "\"").map(String.init)
        return ["status", "data", "result", "metric"].contains { name in names.filter { $0 == name }.count > 1 }
            || body.contains(UInt8(ascii: "\\")) || !body.allSatisfy { $0 < 0x80 }
    }

    static func split(_ bytes: [UInt8]) -> ([UInt8], [UInt8]) {
        for index in bytes.indices.dropLast() where bytes[index] == 0x0A && bytes[index + 1] == 0x0A {
            return (Array(bytes[..<index]), Array(bytes[(index + 2)...]))
        }
        return (bytes, [])
    }

    static func variables(_ value: String) -> QueryVariables {
        QueryVariables(
            scope: [("track", value), ("pod", value)],
            values: Dictionary(uniqueKeysWithValues: QueryVariable.textNames.map { ($0, value.isEmpty ? "v" : value) }),
            step: "60s",
            interval: "5m",
            window: "1h30m"
        )
    }
}
