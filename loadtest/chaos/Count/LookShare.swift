import LoadRig
import Processes
import Synchronization

/// How many looks each replica has taken, as its own metrics say, over time and across its processes.
final class LookShare: Sendable {
    /// A replica's count at a time.
    struct Sample: Sendable, Equatable {
        var replica: Int
        /// Tells the processes of a replica apart.
        var process: Int32
        var at: ContinuousClock.Instant
        var looks: Int
        /// Decisions thrown away because another replica had the session by then.
        var refused = 0
    }

    private let samples = Mutex<[Sample]>([])

    /// Asks each replica twice a second until the task is cancelled.
    func follow(_ replicas: [Replica], rig: TestRig) async {
        while !Task.isCancelled {
            await withTaskGroup(of: Sample?.self) { group in
                for replica in replicas {
                    group.addTask {
                        guard let run = replica.current, let url = run.url,
                            let text = try? await rig.get("\(url)/metrics")
                        else { return nil }
                        let page = MetricsPage(text)
                        return Sample(
                            replica: replica.number,
                            process: run.process.id,
                            at: .now,
                            looks: Int(page.total("assay_looks_total")),
                            refused: Int(page.total("assay_sessions_taken_over_total"))
                        )
                    }
                }
                for await case let sample? in group { samples.withLock { $0.append(sample) } }
            }
            try? await Task.sleep(for: .milliseconds(500))
        }
    }

    /// All looks by replica.
    var totals: [Int: Int] { Self.totals(samples.withLock { $0 }) }

    /// All decisions that came too late.
    var refused: Int {
        let samples = samples.withLock { $0 }
        return Dictionary(grouping: samples, by: \.process).values.reduce(0) { $0 + ($1.map(\.refused).max() ?? 0) }
    }

    /// After a process has joined: the time to its first look, and its share of all looks in the stretch after that.
    func afterJoin(of replica: Int, process: Int32, at start: ContinuousClock.Instant, over stretch: Duration)
        -> (first: Duration, share: Double)?
    {
        Self.afterJoin(samples.withLock { $0 }, of: replica, process: process, at: start, over: stretch)
    }

    static func totals(_ samples: [Sample]) -> [Int: Int] {
        var highest: [Int: [Int32: Int]] = [:]
        for sample in samples {
            highest[sample.replica, default: [:]][sample.process, default: 0] =
                max(highest[sample.replica]?[sample.process] ?? 0, sample.looks)
        }
        return highest.mapValues { $0.values.reduce(0, +) }
    }

    static func afterJoin(
        _ samples: [Sample],
        of replica: Int,
        process: Int32,
        at start: ContinuousClock.Instant,
        over stretch: Duration
    ) -> (first: Duration, share: Double)? {
        let own = samples.filter { $0.replica == replica && $0.process == process }
        guard let first = own.first(where: { $0.looks > 0 }) else { return nil }
        let end = first.at + stretch
        let before = totals(samples.filter { $0.at <= first.at })
        let after = totals(samples.filter { $0.at <= end })
        let all = after.values.reduce(0, +) - before.values.reduce(0, +)
        let mine = (after[replica] ?? 0) - (before[replica] ?? 0)
        return (first.at - start, all == 0 ? 0 : Double(mine) / Double(all))
    }
}
