import Analysis
import Foundation
import PlanFormats
import Testing

@Suite struct PlanDirectoryTests {
    private static func plan(_ name: String, match: String = "{}") -> String {
        "name: \(name)\njudge: NetflixACAJudge-v1.0\nmatch: \(match)\nschedule: {interval: 1m, lifetime: 5m}\nmetrics: [{name: m, query: up}]\n"
    }

    private static func event(
        _ application: String = "checkout",
        _ environment: String = "production",
        planName: String? = nil,
        inlinePlan: String? = nil
    ) -> DeployEvent {
        DeployEvent(
            identity: EventIdentity(source: "/s", id: "1"),
            application: application,
            environment: environment,
            version: "1",
            planName: planName,
            inlinePlan: inlinePlan
        )
    }

    private static func directory(_ plans: [String]) throws -> PlanDirectory {
        let reader = PlanReader()
        return try PlanDirectory(
            plans: try plans.enumerated().flatMap { try reader.read($1, file: "\($0).yaml") },
            reader: reader
        )
    }

    /// Runs with a fresh directory that is removed afterwards.
    private static func withFiles(_ files: [String: String], _ body: (URL) throws -> Void) throws {
        let directory = FileManager.default.temporaryDirectory.appendingPathComponent("plans-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        for (name, text) in files {
            try Data(text.utf8).write(to: directory.appendingPathComponent(name))
        }
        try body(directory)
    }

    @Test("Plan files are read in the order of their names; others are left out") func loads() throws {
        let files = [
            "b.yaml": Self.plan("b1") + "---\n" + Self.plan("b2"), "a.yml": Self.plan("a"),
            "c.JSON":
                #"{"name":"c","judge":"NetflixACAJudge-v1.0","schedule":{"interval":"1m","lifetime":"5m"},"metrics":[{"name":"m","query":"up"}]}"#,
            "notes.txt": "no plan", ".hidden.yaml": "no plan", "README.md": "#",
        ]
        try Self.withFiles(files) { directory in
            let folder = directory.appendingPathComponent("folder.yaml")
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            let plans = try PlanDirectory.load(directory.path, reader: PlanReader()).plans
            #expect(plans.map(\.plan.name) == ["a", "b1", "b2", "c"])
            #expect(plans[0].file == directory.path + "/a.yml")
        }
    }

    @Test("A mounted ConfigMap is read through its links, once") func configMap() throws {
        try Self.withFiles([:]) { directory in
            let manager = FileManager.default
            let data = directory.appendingPathComponent("..2026_11_21")
            try manager.createDirectory(at: data, withIntermediateDirectories: true)
            try Data(Self.plan("p").utf8).write(to: data.appendingPathComponent("p.yaml"))
            try manager.createSymbolicLink(
                atPath: directory.path + "/..data",
                withDestinationPath: "..2026_11_21"
            )
            try manager.createSymbolicLink(
                atPath: directory.path + "/p.yaml",
                withDestinationPath: "..data/p.yaml"
            )
            #expect(try PlanDirectory.load(directory.path, reader: PlanReader()).plans.map(\.plan.name) == ["p"])
        }
    }

    @Test("The errors of all files are reported together") func errors() throws {
        try Self.withFiles(["a.yaml": "name: [", "b.yaml": "x: 1", "c.yaml": Self.plan("c"), "d.yaml": ""]) {
            directory in
            let errors = #expect(throws: PlanFileErrors.self) {
                try PlanDirectory.load(directory.path, reader: PlanReader())
            }
            let files = Set((errors?.errors ?? []).map { URL(fileURLWithPath: $0.file).lastPathComponent })
            #expect(files == ["a.yaml", "b.yaml", "d.yaml"])
        }
    }

    @Test func filesThatCannotBeRead() throws {
        try Self.withFiles(["big.yaml": String(repeating: "#", count: 2000)]) { directory in
            let reader = PlanReader(limits: YAMLLimits(maximumBytes: 1000))
            let big = #expect(throws: PlanFileErrors.self) { try PlanDirectory.load(directory.path, reader: reader) }
            #expect(big?.description.hasSuffix("big.yaml: error: has more than 1000 bytes") == true)
            let file = directory.appendingPathComponent("big.yaml")
            try Data([0x61, 0xFF]).write(to: file)
            let binary = #expect(throws: PlanFileErrors.self) { try PlanDirectory.load(directory.path, reader: reader) }
            #expect(binary?.description.hasSuffix("is not UTF-8") == true)
            try FileManager.default.removeItem(at: file)
            try FileManager.default.createSymbolicLink(atPath: file.path, withDestinationPath: "nowhere")
            #expect(throws: PlanFileErrors.self) { try PlanDirectory.load(directory.path, reader: reader) }
        }
        let missing = #expect(throws: PlanFileErrors.self) {
            try PlanDirectory.load("/nonexistent/plans", reader: PlanReader())
        }
        #expect(missing?.description == "/nonexistent/plans: error: is not a directory that can be read")
    }

    @Test func duplicateNames() throws {
        let errors = #expect(throws: PlanFileErrors.self) { try Self.directory([Self.plan("a"), Self.plan("a")]) }
        #expect(
            errors?.description == "1.yaml:1:1: error: name: \"a\" is also the name of the plan in 0.yaml, line 1"
        )
    }

    @Test("The most specific plan is chosen") func selection() throws {
        let directory = try Self.directory([
            Self.plan("any"), Self.plan("pattern", match: "{applications: [check*]}"),
            Self.plan("exact", match: "{applications: [checkout]}"),
            Self.plan("both", match: "{applications: [checkout], environments: [production]}"),
        ])
        #expect(try directory.plan(for: Self.event()).name == "both")
        #expect(try directory.plan(for: Self.event("checkout", "staging")).name == "exact")
        #expect(try directory.plan(for: Self.event("checkin")).name == "pattern")
        #expect(try directory.plan(for: Self.event("cart")).name == "any")
        #expect(try directory.plan(for: Self.event(planName: "any")).name == "any")
        #expect(try directory.plan(for: Self.event(planName: "any", inlinePlan: Self.plan("own"))).name == "own")
    }

    @Test("A plan is named by events of the releases that it is for, unless it says otherwise") func namedPlans() throws
    {
        let directory = try Self.directory([
            Self.plan("lax", match: "{applications: [web]}"),
            Self.plan("shared", match: "{applications: [web]}") + "events: {releases: any}\n",
        ])
        let event = Self.event(planName: "lax")
        let error = #expect(throws: PlanSelectionError.self) { try directory.plan(for: event) }
        #expect(error?.code == .otherRelease)
        #expect(
            error?.reason
                == "The plan \"lax\" is not for application \"checkout\" in environment \"production\" (match). Events of"
                + " other releases may name a plan that says events.releases: any."
        )
        #expect(try directory.plan(for: Self.event("web", planName: "lax")).name == "lax")
        #expect(try directory.plan(for: Self.event(planName: "shared")).name == "shared")
    }

    @Test("A tie names both plans") func tie() throws {
        let directory = try Self.directory([
            Self.plan("one", match: "{applications: [checkout]}"),
            Self.plan("two", match: "{applications: [checkout]}"),
        ])
        let error = #expect(throws: PlanSelectionError.self) { try directory.plan(for: Self.event()) }
        #expect(error?.code == .ambiguous)
        #expect(error?.reason.contains("one (0.yaml) and two (1.yaml)") == true)
    }

    @Test func nothingFits() throws {
        let directory = try Self.directory([
            Self.plan("web", match: "{applications: [web]}"), Self.plan("api", match: "{applications: [api]}"),
        ])
        let none = #expect(throws: PlanSelectionError.self) { try directory.plan(for: Self.event()) }
        #expect(none?.code == .noMatch)
        #expect(
            none?.reason
                == "No plan matches application \"checkout\" in environment \"production\": the plans are api, web."
        )
        let unknown = #expect(throws: PlanSelectionError.self) { try directory.plan(for: Self.event(planName: "wep")) }
        #expect(unknown?.code == .unknownName)
        #expect(unknown?.reason.contains("(did you mean \"web\"?)") == true)
        let empty = #expect(throws: PlanSelectionError.self) { try Self.directory([]).plan(for: Self.event()) }
        #expect(empty?.reason.contains("there are no plans at all") == true)
    }

    @Test("A plan in the event is read as strictly", arguments: ["", "x", "name: p", "{\"name\":\"p\",\"extra\":1}"])
    func badInlinePlan(text: String) throws {
        let directory = try Self.directory([Self.plan("any")])
        let error = #expect(throws: PlanSelectionError.self) {
            try directory.plan(for: Self.event(inlinePlan: text))
        }
        #expect(error?.code == .badInlinePlan)
        #expect(error?.reason.contains("plan of the event") == true)
    }
}
