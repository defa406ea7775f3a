import LoadRig
import SeededRandom

/// The series that Prometheus scrapes: for every application and both tracks, a function of application and time alone.
///
/// The canary of a healthy application is like its stable version; that of a broken one has three times its values.
struct SyntheticSeries: Sendable {
    static let metrics = ["request_seconds", "error_ratio"]

    private struct Series: Sendable {
        var prefix: [UInt8]
        var seed: UInt64
        var factor: Double
    }

    private let series: [(head: [UInt8], lines: [Series])]

    init(_ workload: ChaosWorkload) {
        series = Self.metrics.enumerated().map { number, metric in
            var lines: [Series] = []
            for (index, story) in workload.stories.enumerated() {
                for (track, name) in ["stable", "canary"].enumerated() {
                    lines.append(
                        Series(
                            prefix: Array("\(metric){app=\"\(story.application)\",track=\"\(name)\"} ".utf8),
                            seed: SeededGenerator.mix(UInt64(number) << 40 | UInt64(index) << 1 | UInt64(track)),
                            factor: track == 1 && !story.isHealthy ? 3 : 1
                        )
                    )
                }
            }
            return (Array("# TYPE \(metric) gauge\n".utf8), lines)
        }
    }

    /// The page at a time, in seconds since 1970.
    func page(at second: Int64) -> [UInt8] {
        var page: [UInt8] = []
        page.reserveCapacity(series.reduce(0) { $0 + $1.lines.count * 64 })
        for (head, lines) in series {
            page += head
            for line in lines {
                page += line.prefix
                page += String(Self.value(line.seed, second, line.factor)).utf8
                page.append(UInt8(ascii: "\n"))
            }
        }
        return page
    }

    /// 90 to 110, times the factor, in whole tenths.
    private static func value(_ seed: UInt64, _ second: Int64, _ factor: Double) -> Double {
        let noise = SeededGenerator.mix(seed ^ UInt64(bitPattern: second)) % 201
        return (Double(900 + noise) * factor).rounded() / 10
    }
}
