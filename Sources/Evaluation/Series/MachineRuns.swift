/// Runs of one benchmark on several equal machines: `value,runtime,starttime,VM_id`.
struct MachineRuns {
    struct Run {
        /// Seconds on the file's own clock.
        var start: Double
        var value: Double
    }

    /// The benchmark: the name of the file without its ending.
    let name: String
    /// In the order of their names; each has its runs in time order.
    let machines: [(name: String, runs: [Run])]

    /// Runs of both machines are compared when they began in the same two hours.
    static let binSeconds = 7_200.0

    init(parsing text: String, file: String, name: String) throws(SeriesProblem) {
        self.name = name
        var columns: (value: Int, start: Int, machine: Int)?
        var found: [String: [Run]] = [:]
        try DelimitedText(text, file: file).forEach { (number, fields) throws(SeriesProblem) in
            guard let columns else {
                let names = fields.map { $0.trimmedBlanks.lowercased() }
                guard let value = names.firstIndex(of: "value"), let start = names.firstIndex(of: "starttime"),
                    let machine = names.firstIndex(of: "vm_id")
                else { throw SeriesProblem(file, line: number, "the columns value, starttime and VM_id are needed") }
                columns = (value, start, machine)
                return
            }
            guard fields.count > max(columns.value, columns.start, columns.machine) else {
                throw SeriesProblem(file, line: number, "a column is missing")
            }
            guard let start = CivilTime.seconds(fields[columns.start]) else {
                throw SeriesProblem(file, line: number, "\(fields[columns.start].prefix(40)) is no time")
            }
            guard let value = try DelimitedText.number(fields[columns.value], file: file, line: number) else { return }
            found[fields[columns.machine].trimmedBlanks, default: []].append(Run(start: start, value: value))
        }
        machines = found.sorted { ($0.key.count, $0.key) < ($1.key.count, $1.key) }.map { name, runs in
            (name, runs.sorted { $0.start < $1.start })
        }
    }

    /// A benchmark of throughput: less is worse.
    var isThroughput: Bool {
        let words = Set(name.lowercased().split { !$0.isLetter && !$0.isNumber }.map(String.init))
        let isPerSecond = name.lowercased().contains("per_second")
        return isPerSecond
            || !words.isDisjoint(with: ["iops", "throughput", "ops", "qps", "rps", "tps", "bandwidth", "mbps"])
    }

    /// The mean of a machine's runs in each bin that has any, in time order.
    private func bins(_ runs: [Run]) -> [(bin: Int, value: Double)] {
        var bins: [(bin: Int, sum: Double, count: Double)] = []
        for run in runs {
            let bin = Int((run.start / Self.binSeconds).rounded(.down))
            if bins.last?.bin == bin {
                bins[bins.count - 1].sum += run.value
                bins[bins.count - 1].count += 1
            } else {
                bins.append((bin, run.value, 1))
            }
        }
        return bins.map { ($0.bin, $0.sum / $0.count) }
    }

    /// Each two machines, each of them once as the control, with the bins in which both ran.
    var pairs: [(name: String, control: [Double], experiment: [Double])] {
        let binned = machines.map { ($0.name, bins($0.runs)) }
        var pairs: [(name: String, control: [Double], experiment: [Double])] = []
        for first in binned.indices {
            for second in binned.indices where second != first {
                let others = Dictionary(binned[second].1.map { ($0.bin, $0.value) }) { kept, _ in kept }
                let both = binned[first].1.compactMap { run in others[run.bin].map { (run.value, $0) } }
                let name = "\(binned[second].0) against \(binned[first].0)"
                pairs.append((name, both.map(\.0), both.map(\.1)))
            }
        }
        return pairs
    }

    /// The series of each machine alone, a value a bin that has runs.
    var series: [(name: String, values: [Double])] {
        machines.map { ($0.name, bins($0.runs).map(\.value)) }
    }
}
