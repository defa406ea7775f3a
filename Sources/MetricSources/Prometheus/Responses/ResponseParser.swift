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
    private var response = ParsedResponse()

    /// Without a grid, results are skipped: for the bodies of error statuses.
    init(grid: QueryGrid?, limits: Limits) {
        self.grid = grid
        self.limits = limits
    }

    mutating func parse(_ bytes: [UInt8]) throws(ResponseFailure) -> ParsedResponse {
        response = ParsedResponse()
        var scanner = JSONScanner(bytes)
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
                        "its result is a \(Text.oneLine(response.resultType ?? "", maximumCharacters: 20))"
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
        var column = SampleColumn(grid)
        try scanner.object { scanner, key throws(ResponseFailure) in
            switch key {
            case "metric":
                labels = []
                try scanner.object { scanner, name throws(ResponseFailure) in
                    labels.append(.init(name: name, value: try scanner.string()))
                }
            case "values":
                if scanner.skipNull() { return }
                try scanner.array { scanner throws(ResponseFailure) in try Self.sample(&scanner, into: &column) }
            // Native histograms come here beside or instead of values; there is no single number in them.
            default: try scanner.skipValue()
            }
        }
        response.movedSamples += column.moved
        response.ignoredSamples += column.ignored
        response.series?.append(.init(labels: Labels(labels), values: column.values))
    }

    /// `[1435781430.781, "1"]`
    private static func sample(
        _ scanner: inout JSONScanner,
        into column: inout SampleColumn
    ) throws(ResponseFailure) {
        try scanner.expect("[")
        guard let time = SampleNumbers.milliseconds(scanner.word()) else {
            throw scanner.malformed("a sample's time is not a number")
        }
        try scanner.expect(",")
        guard let value = SampleNumbers.value(try scanner.stringBytes().bytes) else {
            throw scanner.malformed("a sample's value is not a number")
        }
        try scanner.expect("]")
        column.insert(value, at: time)
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
