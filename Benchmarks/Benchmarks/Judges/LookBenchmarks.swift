import Benchmark
import Foundation
import Harness
import Judging
import Measuring
import Subjects

/// One look of ten thousand sessions at once, as a service that watches a whole company's deployments has to judge
/// within a step.
enum LookBenchmarks {
    private static let sessions = 10_000
    private static let metrics = 10
    private static let samples = 60
    private static let rounds = 3

    static func benchmark(threads: Int) {
        let name = "looks-\(threads)"
        let clock = BenchmarkMetric.custom("clock", useScalingFactor: false)
        let processor = BenchmarkMetric.custom("processor", useScalingFactor: false)
        let peak = BenchmarkMetric.custom("peak memory, KiB", useScalingFactor: false)
        _ = Benchmark(
            name,
            configuration: .init(
                metrics: [clock, processor, peak],
                warmupIterations: 1,
                maxDuration: .seconds(600),
                maxIterations: rounds
            ),
            closure: { (benchmark: Benchmark, looks: [[MetricPair]]) async throws in
                let start = (clock: ContinuousClock.now, processor: ProcessorTime.now())
                let judged = await judge(looks, threads: threads)
                let seconds = (ContinuousClock.now - start.clock) / .seconds(1)
                let processorSeconds = ProcessorTime.now() - start.processor
                try check(judged == sessions * metrics, "\(judged) pairs were judged")

                let highest = try kibibytes("VmHWM")
                benchmark.measurement(clock, Int(seconds * 1e12))
                benchmark.measurement(processor, Int(processorSeconds * 1e12))
                benchmark.measurement(peak, highest)
                if benchmark.currentIteration == 0 { return }
                Results.note(name, "clock", seconds)
                Results.note(name, "processor", processorSeconds)
                Results.note(name, "peak", highest)
            },
            setup: {
                let pairs = SampleKind.normal.pairs(sessions * metrics, samples: samples)
                let looks = stride(from: 0, to: pairs.count, by: metrics).map { Array(pairs[$0..<$0 + metrics]) }
                Results.note(name, "held", try kibibytes("VmRSS"))
                return looks
            }
        )
    }

    /// Judges every look, in as many parts as there are threads to use; how many pairs have a result.
    private static func judge(_ looks: [[MetricPair]], threads: Int) async -> Int {
        let part = (looks.count + threads - 1) / threads
        return await withTaskGroup(of: Int.self) { group in
            for start in stride(from: 0, to: looks.count, by: part) {
                group.addTask {
                    let judge = NetflixACAJudge()
                    let rules = ScoringRules()
                    return looks[start..<min(start + part, looks.count)].reduce(0) { judged, look in
                        judged + judge.judge(look, by: rules).metrics.count { $0.classification != .error }
                    }
                }
            }
            return await group.reduce(0, +)
        }
    }

    /// A line of what the kernel says about this process's memory.
    private static func kibibytes(_ name: String) throws -> Int {
        let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
        for line in status.split(separator: "\n") where line.hasPrefix("\(name):") {
            if let number = line.split(whereSeparator: { $0 == " " || $0 == "\t" }).dropFirst().first.flatMap({
                Int($0)
            }) {
                return number
            }
        }
        throw WrongResult("/proc/self/status has no \(name)")
    }
}
