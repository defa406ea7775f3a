import HTTPTransport

/// Reads a response in one pass, samples straight into columns on the grid. Limits count as it goes, not afterwards.
struct ResponseParser {
    struct Limits {
        var series: Int
        /// Values of all columns together.
        var values: Int

        static let none = Limits(series: 0, values: 0)
    }

    static let maximumMessages = 20

    private let grid: QueryGrid?
    private let limits: Limits
    private let isAsTold: Bool
    private var response = ParsedResponse()

    /// Without a grid, results are skipped: for the bodies of error statuses.
    ///
    /// - Parameter isAsTold: values stay as the server tells them, with their times, and none stands for a missing one.
    init(grid: QueryGrid?, limits: Limits, isAsTold: Bool = false) {
        self.grid = grid
        self.limits = limits
        self.isAsTold = isAsTold
    }

    mutating func parse(_ bytes: [UInt8]) throws(ResponseFailure) -> ParsedResponse {
        response = ParsedResponse()
        var scanner = JSONScanner(bytes)
        guard scanner.peek() == UInt8(ascii: "{") else { throw Self.foreign(bytes) }
        try scanner.object { scanner, key throws(ResponseFailure) in
            switch key {
            case "status": response.status = try scanner.string()
            case "errorType": response.errorType = try scanner.string()
            case "error": response.error = try scanner.string()
            case "warnings": response.warnings = try Self.messages(&scanner)
            case "infos": response.infos = try Self.messages(&scanner)
            case "isPartial": response.isPartial = scanner.word().elementsEqual("true".utf8)
            case "data" where grid != nil && scanner.peek() == UInt8(ascii: "{"): try data(&scanner)
            default: try scanner.skipValue()
            }
        }
        try scanner.end()
        return response
    }

    private mutating func data(_ scanner: inout JSONScanner) throws(ResponseFailure) {
        try scanner.object { scanner, key throws(ResponseFailure) in
            switch key {
            case "resultType":
                response.resultType = try scanner.string()
                guard response.resultType == "matrix" else {
                    throw scanner.malformed(
                        "its result is of the type \"\(Text.oneLine(response.resultType ?? "", maximumCharacters: 20))\","
                            + " where a range query gives a matrix"
                    )
                }
            case "result":
                guard response.series == nil else { throw scanner.malformed("it has two results") }
                response.series = []
                if scanner.skipNull() { return }
                try scanner.array { scanner throws(ResponseFailure) in try series(&scanner) }
            default: try scanner.skipValue()
            }
        }
    }

    private mutating func series(_ scanner: inout JSONScanner) throws(ResponseFailure) {
        guard let grid else { return try scanner.skipValue() }
        let count = response.series?.count ?? 0
        guard count < limits.series else { throw .tooManySeries(limits.series) }
        guard grid.count <= limits.values / (count + 1) else { throw .tooManyValues(limits.values) }
        var labels: [Labels.Label] = []
        var column = SampleColumn(grid, isAsTold: isAsTold)
        var hasSamples = false
        try scanner.object { scanner, key throws(ResponseFailure) in
            switch key {
            case "metric":
                labels = []
                try scanner.object { scanner, name throws(ResponseFailure) in
                    labels.append(.init(name: name, value: try scanner.string()))
                }
            case "values":
                hasSamples = true
                if scanner.skipNull() { return }
                try scanner.array { scanner throws(ResponseFailure) in try Self.sample(&scanner, into: &column) }
            case "histograms", "histogram":
                hasSamples = true
                if scanner.skipNull() { return }
                try Self.expectNoHistogram(&scanner)
            case "value":
                throw scanner.malformed("a series has one value, as an instant query gives, where it must have values")
            default: try scanner.skipValue()
            }
        }
        guard hasSamples else { throw scanner.malformed("a series has no values") }
        response.movedSamples += column.moved
        response.ignoredSamples += column.ignored
        response.series?.append(.init(labels: Labels(labels), values: column.values, times: column.times))
    }

    /// `[1435781430.781, "1"]`
    private static func sample(
        _ scanner: inout JSONScanner,
        into column: inout SampleColumn
    ) throws(ResponseFailure) {
        try scanner.expect("[")
        guard let time = SampleNumbers.milliseconds(scanner.word()) else {
            throw scanner.malformed("a sample's time is not a number of seconds")
        }
        guard scanner.skip(",") else { throw scanner.malformed("a sample has no value") }
        column.insert(try value(&scanner), at: time)
        try scanner.expect("]")
    }

    /// A number in quotes: JSON has no other way to write NaN and the infinities.
    private static func value(_ scanner: inout JSONScanner) throws(ResponseFailure) -> Double {
        guard scanner.peek() == UInt8(ascii: "\"") else {
            let word = Text.oneLine(String(decoding: scanner.word(), as: UTF8.self), maximumCharacters: 24)
            throw scanner.malformed(
                word.isEmpty
                    ? "a sample's value is not a text"
                    : "a sample's value is \(word), where Prometheus writes a text such as \"1.5\""
            )
        }
        let text = try scanner.stringBytes().bytes
        guard let value = SampleNumbers.value(text) else {
            let shown = Text.oneLine(String(decoding: text.prefix(100), as: UTF8.self), maximumCharacters: 24)
            throw scanner.malformed(
                "a sample's value is \"\(shown)\", which is no number as Prometheus writes it (1.5, NaN, +Inf, -Inf)"
            )
        }
        return value
    }

    /// An empty list is none. There is no single number in a histogram, and what else the answer holds is not the whole.
    private static func expectNoHistogram(_ scanner: inout JSONScanner) throws(ResponseFailure) {
        guard scanner.skip("["), scanner.skip("]") else { throw .histograms }
    }

    /// Only an object is an answer of Prometheus.
    private static func foreign(_ bytes: [UInt8]) -> ResponseFailure {
        if let page = WebPage(bytes) { return .webPage(page) }
        let beginning = Text.oneLine(String(decoding: bytes.prefix(200), as: UTF8.self), maximumCharacters: 40)
        return .malformed(beginning.isEmpty ? "it is empty" : "it begins with \"\(Redaction.words(beginning))\"")
    }

    private static func messages(_ scanner: inout JSONScanner) throws(ResponseFailure) -> [String] {
        var messages: [String] = []
        if scanner.skipNull() { return messages }
        try scanner.array { scanner throws(ResponseFailure) in
            let message = try scanner.string()
            if messages.count < maximumMessages { messages.append(Text.oneLine(message)) }
        }
        return messages
    }
}
