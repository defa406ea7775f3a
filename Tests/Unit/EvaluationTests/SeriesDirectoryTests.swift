import Foundation
import Testing

@testable import Evaluation

@Suite struct SeriesDirectoryTests {
    @Test func `runs of machines are compared in the same two hours, each machine once as the control`() throws {
        let folder = try SeriesFolder()
        try folder.writeMachines("boot_us", machines: 3) { machine, run in Double(100 + machine * 10 + run) }
        let directory = try SeriesDirectory(folder.url.path)
        #expect(directory.families.map(\.name) == ["azure boot_us", "azure boot_us"])
        #expect(directory.families.map(\.comparison) == [.concurrent, .before])
        #expect(directory.families.map(\.seriesCount) == [6, 3])
        guard case .twins(let control, let experiment) = directory.families[0].series[0].content else {
            Issue.record("no pair")
            return
        }
        #expect(control == (0..<40).map { Double(100 + $0) })
        #expect(experiment == (0..<40).map { Double(110 + $0) })
        #expect(directory.problems.isEmpty)
    }

    @Test(arguments: [("redis_get_requests_per_second", true), ("disk_random_read_iops", true), ("boot_us", false)])
    func `benchmarks of throughput get worse by less`(name: String, falls: Bool) throws {
        let folder = try SeriesFolder()
        try folder.writeMachines(name) { _, _ in 100 }
        let series = try SeriesDirectory(folder.url.path).families[0].series[0]
        #expect(series.fallsWhenWorse == falls)
        let analysis = series.analysis(from: 0, steps: 4, Degradation(1.25), RandomStream(seed: 1))
        let expected = falls ? 80.0 : 125
        #expect(analysis.looks[0] == [.values(control: 100, experiment: expected)])
    }

    @Test func `labelled anomalies are no part of what is compared`() throws {
        let folder = try SeriesFolder()
        try folder.writeLabelled("realThings", "load", samples: 200) {
            (50..<60).contains($0) ? 1_000_000 : 10 + Double($0 % 3)
        }
        let (start, end) = (SeriesFolder.time(minutes: 250), SeriesFolder.time(minutes: 295))
        try folder.write(
            "nab/combined_windows.json",
            #"{"realThings/load.csv": [["\#(start).000000", "\#(end).000000"]]}"#
        )
        let directory = try SeriesDirectory(folder.url.path)
        #expect(directory.families.map(\.name) == ["nab realThings", "nab realThings"])
        guard case .level(let level) = directory.families[0].series[0].content,
            case .past(let values) = directory.families[1].series[0].content
        else {
            Issue.record("no series")
            return
        }
        #expect(level.count == 190)
        #expect(values.count == 200 && values[50..<60].allSatisfy(\.isNaN) && values.count { $0.isNaN } == 10)
        var stream = RandomStream(seed: 1)
        let pair = level.pair(from: 40, steps: 40, &stream)
        #expect((pair.control + pair.experiment).allSatisfy { $0 < 20 })
    }

    @Test func `components give odd and even samples, a shared level, and their past`() throws {
        let folder = try SeriesFolder()
        try folder.writeComponents("low_traffic", steps: 100) { $0 % 10 == 9 ? nil : Double($0 + 1) }
        let directory = try SeriesDirectory(folder.url.path)
        #expect(
            directory.families.map(\.name) == [
                "petshop low odd/even mean,p50,p90", "petshop low level+noise mean,p50,p90", "petshop low mean,p50,p90",
                "petshop low odd/even p95,p99", "petshop low level+noise p95,p99", "petshop low p95,p99",
            ]
        )
        guard case .twins(let control, let experiment) = directory.families[0].series[0].content else {
            Issue.record("no pair")
            return
        }
        #expect(control.prefix(3) == [1, 3, 5] && experiment.prefix(3) == [2, 4, 6])
        // A step of which one side is missing is left out.
        #expect(control.count == 40 && control[4] == 11 && experiment[4] == 12)
    }

    @Test func `a component that is mostly missing is left out`() throws {
        let folder = try SeriesFolder()
        try folder.writeComponents("high_traffic", steps: 100) { $0 % 5 == 0 ? 1 : nil }
        #expect(throws: SeriesProblem.self) { try SeriesDirectory(folder.url.path) }
    }

    @Test(arguments: [
        "", "value,when\n1,2\n", "value,runtime,starttime,VM_id\n1,2\n",
        "value,runtime,starttime,VM_id\nmany,1,2024-06-06 12:09:03.010,0\n",
        "value,runtime,starttime,VM_id\n1,1,yesterday,0\n", "value,runtime,starttime,VM_id\n\"1,1,2,0\n",
        "value,runtime,starttime,VM_id\n-1,1,2024-06-06 12:09:03.010,0\n",
        "value,runtime,starttime,VM_id\n1e999,1,2024-06-06 12:09:03.010,0\n", "\u{0}\u{1}",
    ])
    func `a broken file is named and left out, the others stay`(text: String) throws {
        let folder = try SeriesFolder()
        try folder.write("azure-vm-noise/broken.csv", text)
        try folder.write("nab/folder/broken.csv", text)
        try folder.write("petshop/high_traffic/noissue/metrics.csv", text)
        #expect(throws: SeriesProblem.self) { try SeriesDirectory(folder.url.path) }
        try folder.writeMachines("good") { _, run in Double(run + 1) }
        let directory = try SeriesDirectory(folder.url.path)
        #expect(directory.families.map(\.name) == ["azure good", "azure good"])
        #expect(directory.problems.count == 3)
        for part in ["azure-vm-noise/broken.csv", "nab/folder/broken.csv", "metrics.csv"] {
            #expect(directory.problems.contains { $0.contains(part) }, "\(directory.problems)")
        }
    }

    @Test func `labels that cannot be read are named`() throws {
        let folder = try SeriesFolder()
        try folder.writeLabelled("f", "a", samples: 50) { _ in 1 }
        for text in [
            "[", "[]", #"{"f/a.csv": [["2014-04-01"]]}"#,
            #"{"f/a.csv": [["2014-04-02 00:00:00", "2014-04-01 00:00:00"]]}"#,
        ] {
            try folder.write("nab/combined_windows.json", text)
            #expect(try SeriesDirectory(folder.url.path).problems.count == 1, "\(text)")
        }
    }

    @Test func `odd names and empty folders do no harm`() throws {
        let folder = try SeriesFolder()
        #expect(throws: SeriesProblem.self) { try SeriesDirectory(folder.url.path) }
        #expect(throws: SeriesProblem.self) { try SeriesDirectory(folder.url.path + "/missing") }
        try folder.write("azure-vm-noise/.hidden.csv", "x")
        try folder.write("azure-vm-noise/LICENSE", "x")
        try folder.write("nab/empty/readme.txt", "x")
        try folder.write("petshop/graph.csv", "x")
        try folder.writeMachines("ä & <b>", machines: 2) { _, _ in 1 }
        let directory = try SeriesDirectory(folder.url.path)
        #expect(directory.families.map(\.name) == ["azure ä & <b>", "azure ä & <b>"])
        #expect(directory.problems.isEmpty)
    }

    @Test func `byte order marks, quotes and line ends of Windows are read`() throws {
        let text =
            "\u{FEFF}\"value\",runtime,\"starttime\",VM_id\r\n\"1.5\",1,\"2024-06-06T12:09:03Z\",\"a\"\"b\"\r\n\r\n"
        let runs = try MachineRuns(parsing: String(text.dropFirst()), file: "f", name: "f")
        #expect(runs.machines.map(\.name) == ["a\"b"] && runs.machines[0].runs.map(\.value) == [1.5])
    }

    @Test func `times are told apart`() {
        #expect(CivilTime.seconds("1970-01-01 00:00:00") == 0)
        #expect(CivilTime.seconds("2024-02-29 23:59:59.5") == 1_709_251_199.5)
        #expect(CivilTime.seconds("2014-04-10T07:15") == 1_397_114_100)
        for text in [
            "", "2024", "2024-13-01 00:00:00", "2024-01-01 24:00:00", "2024-01-01 00:00:xx", "2024-01-01 00:00:00?",
        ] {
            #expect(CivilTime.seconds(text) == nil, "\(text)")
        }
    }
}
