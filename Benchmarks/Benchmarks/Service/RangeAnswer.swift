import Subjects

/// What Prometheus answers to a range query, with 100 series of 240 samples: an hour by 15 s.
struct RangeAnswer {
    enum Values: String, CaseIterable {
        /// Rates and quantiles come out of a division and have 16 or 17 digits.
        case long = "rates"
        /// Counts, and gauges of few digits.
        case short = "counts"
    }

    static let seriesCount = 100
    static let pointCount = 240
    static let sampleCount = seriesCount * pointCount

    /// Milliseconds since 1970, as `end`; `step` in milliseconds.
    let start: Int64 = 1_772_359_200_000
    let step: Int64 = 15_000
    var end: Int64 { start + step * Int64(Self.pointCount - 1) }

    let bytes: [UInt8]

    init(_ values: Values) {
        var numbers = RandomNumbers(seed: 2)
        let firstSecond = start / 1000
        let stepSeconds = step / 1000
        let series = (0..<Self.seriesCount).map { series in
            let samples = (0..<Self.pointCount).map { point in
                let number = numbers.normal(mean: 1000, deviation: 100)
                let value = values == .long ? "\(number / 60)" : "\(Int(number))"
                return "[\(firstSecond + stepSeconds * Int64(point)),\"\(value)\"]"
            }
            return """
                {"metric":{"code":"200","instance":"10.0.\(series).7:8080","job":"checkout","namespace":"shop",\
                "pod":"checkout-6d5f8c9b7c-\(series)"},"values":[\(samples.joined(separator: ","))]}
                """
        }
        let text = """
            {"status":"success","data":{"resultType":"matrix","result":[\(series.joined(separator: ","))]}}
            """
        bytes = Array(text.utf8)
    }
}
