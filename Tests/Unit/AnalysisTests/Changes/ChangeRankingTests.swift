import Judging
import Testing

@testable import Analysis

@Suite("Which changes may have to do with a release") struct ChangeRankingTests {
    private static let start = Timestamp(rfc3339: "2026-03-01T10:00:00Z")!

    private static func session(_ edit: (inout DeployEvent) -> Void = { _ in }) -> AnalysisSession {
        var event = DeployEvent(
            identity: EventIdentity(source: "/ci", id: "release"),
            application: "checkout",
            environment: "production",
            cluster: "eu",
            zone: "eu-a",
            nodes: ["n1", "n2"],
            version: "2"
        )
        edit(&event)
        let plan = AnalysisPlan(
            name: "p",
            schedule: AnalysisSchedule(step: .seconds(60), interval: .seconds(60), lifetime: .seconds(600)),
            metrics: [PlannedMetric(name: "m", query: "q")]
        )
        return AnalysisSession(id: "s", event: event, plan: plan, receivedAt: start)
    }

    private static func change(
        _ id: String,
        _ application: String? = nil,
        kind: ChangeKind = .config,
        environment: String? = "production",
        place: ChangeLocation = ChangeLocation(),
        version: String = "7",
        minute: Int = 1
    ) -> KnownChange {
        let event = ChangeEvent(
            identity: EventIdentity(source: "/ci", id: id),
            kind: kind,
            application: application,
            environment: environment,
            place: place,
            version: version
        )
        return KnownChange(event, at: start + .seconds(60 * minute))
    }

    private static func ranked(
        _ changes: [KnownChange],
        _ dependencies: [String: [String]] = [:],
        faults: [Int] = []
    ) -> OtherChanges {
        let faults = FaultTimes(
            seenFrom: start,
            step: .seconds(60),
            instants: faults.map { start + .seconds(60 * $0) }
        )
        return ChangeRanking(session(), dependencies: Dependencies(dependencies)).ranked(changes, faults: faults)
    }

    private static func relations(_ found: OtherChanges) -> [String: ChangeRelation] {
        Dictionary(uniqueKeysWithValues: found.ranked.map { ($0.change.event.identity.id, $0.relation) })
    }

    @Test("The same application, what it depends on, and what shares its nodes, zone or cluster") func relations() {
        let found = Self.ranked(
            [
                Self.change("own", "checkout"), Self.change("own, elsewhere", "checkout", place: .init(cluster: "us")),
                Self.change("other environment", "checkout", environment: "staging"),
                Self.change("direct", "payments"), Self.change("indirect", "ledger", place: .init(cluster: "us")),
                Self.change("stranger", "search"),
                Self.change("nodes", "agent", place: .init(zone: "eu-b", nodes: ["n2", "n9"])),
                Self.change("other nodes", "agent", place: .init(nodes: ["n9"])),
                Self.change("zone", kind: .infrastructure, environment: nil, place: .init(zone: "eu-a")),
                Self.change("cluster", kind: .infrastructure, environment: nil, place: .init(cluster: "eu")),
                Self.change("other cluster", kind: .infrastructure, environment: nil, place: .init(cluster: "us")),
            ],
            ["checkout": ["payments"], "payments": ["ledger", "checkout"], "ledger": ["payments"]]
        )
        #expect(
            Self.relations(found) == [
                "own": .application, "direct": .dependency, "indirect": .dependency, "nodes": .nodes, "zone": .zone,
                "cluster": .cluster,
            ]
        )
        let indirect = found.ranked.first { $0.change.event.identity.id == "indirect" }
        #expect(indirect?.through == ["payments"])
        let nodes = found.ranked.first { $0.change.event.identity.id == "nodes" }
        #expect(nodes?.change.event.place.nodes == ["n2"])
    }

    @Test("The release is no change beside itself, whatever event tells of it") func itself() {
        let found = Self.ranked([
            Self.change("release", "checkout", kind: .service, version: "2"),
            Self.change("again", "checkout", kind: .service, version: "2"),
            Self.change("before", "checkout", kind: .service, version: "1", minute: -20),
            Self.change("config", "checkout", version: "2"),
        ])
        #expect(Set(Self.relations(found).keys) == ["before", "config"])
    }

    @Test("What fits the faults best comes first, and is suspect where it fits them better than the release")
    func suspect() {
        let changes = [
            Self.change("early", "checkout", minute: -90), Self.change("right", "checkout", minute: 5),
            Self.change("late", "checkout", minute: 9),
        ]
        let found = Self.ranked(changes, faults: Array(6...10))
        #expect(found.ranked.map(\.change.event.identity.id).first == "right")
        #expect(found.suspect?.change.event.identity.id == "right")
        #expect(found.onset == Self.start + .seconds(300))
        // From its first minute on it is the release.
        let own = Self.ranked(changes, faults: Array(1...10))
        #expect(own.suspect == nil && own.releaseScore ?? 0 > own.ranked[0].score ?? 0)
        let unknown = Self.ranked(changes)
        #expect(unknown.suspect == nil && unknown.ranked.count == 3 && unknown.releaseScore == nil)
    }

    @Test("A change of few of its nodes is less likely than one of all") func nodes() {
        let found = Self.ranked(
            [
                Self.change("one", kind: .infrastructure, environment: nil, place: .init(nodes: ["n1"]), minute: 5),
                Self.change(
                    "all",
                    kind: .infrastructure,
                    environment: nil,
                    place: .init(nodes: ["n1", "n2"]),
                    minute: 5
                ),
            ],
            faults: Array(6...10)
        )
        #expect(found.ranked.map(\.change.event.identity.id) == ["all", "one"])
        #expect(found.ranked[1].score == found.ranked[0].score.map { $0 / 2 })
    }

    @Test("Few are named, and how many more there were") func bound() {
        let found = Self.ranked((0..<30).map { Self.change("\($0)", "checkout") })
        #expect(found.ranked.count == ChangeRanking.maximumRanked && found.further == 22)
    }

    @Test("Dependencies are followed in circles once, and not without end") func dependencies() {
        let circle = Dependencies(["a": ["b"], "b": ["c"], "c": ["a", "b"]]).reached(from: "a")
        #expect(Set(circle.keys) == ["b", "c"] && circle["c"]?.through == ["b"])
        let chain = Dictionary(uniqueKeysWithValues: (0..<20).map { ("\($0)", ["\($0 + 1)"]) })
        #expect(Dependencies(chain).reached(from: "0").count == 5)
        let wide = Dependencies(["a": (0..<1000).map { "d\($0)" }]).reached(from: "a")
        #expect(wide.count == Dependencies.maximumReached)
    }

    @Test("A change says what, and where") func validation() throws {
        let event = Self.change("1", "checkout").event
        #expect(throws: Never.self) { try event.validate() }
        func field(_ edit: (inout ChangeEvent) -> Void) -> String? {
            var event = event
            edit(&event)
            do throws(DeployEventError) { try event.validate() } catch { return error.field }
            return nil
        }
        #expect(field { $0.kind = .unknown("later") } == "kind")
        #expect(field { $0.version = nil } == "version")
        #expect(field { ($0.version, $0.summary) = (nil, "retries") } == nil)
        #expect(field { $0.environment = nil } == "environment")
        #expect(field { $0.application = nil } == "application")
        #expect(field { ($0.application, $0.environment, $0.place.cluster) = (nil, nil, "eu") } == nil)
        #expect(field { $0.summary = String(repeating: "x", count: 300) } == "summary")
        #expect(field { $0.place.zone = " a" } == "zone")
        #expect(field { $0.place.nodes = (0..<65).map { "n\($0)" } } == "nodes")
        #expect(field { $0.place.nodes = [""] } == "nodes[0]")
    }
}
