import Foundation

/// A folder of series that a test writes, removed when the test is done.
final class SeriesFolder {
    let url: URL

    init() throws {
        url = FileManager.default.temporaryDirectory.appendingPathComponent("series-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: url) }

    func write(_ path: String, _ text: String) throws {
        let file = url.appendingPathComponent(path)
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: file)
    }

    /// Every two hours a run on each machine.
    func writeMachines(_ name: String, machines: Int = 2, runs: Int = 40, value: (Int, Int) -> Double) throws {
        var lines = ["value,runtime,starttime,VM_id"]
        for machine in 0..<machines {
            for run in 0..<runs {
                let (day, hour) = (run / 12 + 1, run % 12 * 2)
                let start = "2024-06-\(day < 10 ? "0" : "")\(day) \(hour < 10 ? "0" : "")\(hour):0\(machine):03.010"
                lines.append("\(value(machine, run)),5.01,\(start),\(machine)")
            }
        }
        try write("azure-vm-noise/\(name).csv", lines.joined(separator: "\n") + "\n")
    }

    /// A sample every five minutes.
    func writeLabelled(_ folder: String, _ name: String, samples: Int, value: (Int) -> Double) throws {
        var lines = ["timestamp,value"]
        for sample in 0..<samples {
            lines.append("\(Self.time(minutes: sample * 5)),\(value(sample))")
        }
        try write("nab/\(folder)/\(name).csv", lines.joined(separator: "\n") + "\n")
    }

    static func time(minutes: Int) -> String {
        let (day, hour, minute) = (minutes / 1_440 + 1, minutes / 60 % 24, minutes % 60)
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return "2014-04-\(two(day)) \(two(hour)):\(two(minute)):00"
    }

    /// One component; a step every five minutes. A nil value is an empty field.
    func writeComponents(
        _ traffic: String,
        statistics: [String] = ["Average", "p99"],
        steps: Int,
        value: (Int) -> Double?
    ) throws {
        let columns = statistics.count
        var lines = [
            "microservice," + [String](repeating: "Shop_AWS", count: columns).joined(separator: ","),
            "metric," + [String](repeating: "latency", count: columns).joined(separator: ","),
            "statistic," + statistics.joined(separator: ","),
            "unix_timestamp," + [String](repeating: "", count: columns).joined(separator: ","),
        ]
        for step in 0..<steps {
            let field = value(step).map { "\($0)" } ?? ""
            lines.append(
                "\(1_693_922_400 + 300 * step).0," + [String](repeating: field, count: columns).joined(separator: ",")
            )
        }
        try write("petshop/\(traffic)/noissue/metrics.csv", lines.joined(separator: "\n") + "\n")
    }
}
