import Analysis
import Testing

@Suite struct EventConflictTests {
    private static let first = DeployEvent(
        identity: EventIdentity(source: "/ci", id: "build-4711"),
        time: Timestamp(milliseconds: 1),
        application: "checkout",
        environment: "staging",
        version: "2.4.0",
        traceparent: "00-1"
    )

    private func changed(_ edit: (inout DeployEvent) -> Void) -> DeployEvent {
        var event = Self.first
        edit(&event)
        return event
    }

    @Test func theSameAgainIsNone() {
        #expect(Self.first.conflict(with: Self.first) == nil)
        // A step that is tried again writes these anew.
        #expect(changed { $0.time = nil }.conflict(with: Self.first) == nil)
        #expect(changed { $0.traceparent = nil }.conflict(with: Self.first) == nil)
    }

    @Test func whateverElseDiffersIsOne() {
        let others: [(String, DeployEvent)] = [
            ("phase", changed { $0.phase = .cancelled }), ("application", changed { $0.application = "cart" }),
            ("environment", changed { $0.environment = "production" }), ("cluster", changed { $0.cluster = "eu" }),
            ("namespace", changed { $0.namespace = "web" }), ("version", changed { $0.version = "2.4.1" }),
            ("imageDigest", changed { $0.imageDigest = "sha256:1" }), ("revision", changed { $0.revision = "1" }),
            ("workload", changed { $0.workload = "w" }), ("control", changed { $0.control = .before(.seconds(60)) }),
            ("experiment", changed { $0.experiment = ["a": "b"] }), ("weight", changed { $0.weight = 20 }),
            ("planName", changed { $0.planName = "p" }), ("plan", changed { $0.inlinePlan = "x" }),
        ]
        for (field, other) in others {
            #expect(other.conflict(with: Self.first)?.fields == [field])
            #expect(Self.first.conflict(with: other)?.fields == [field])
        }
    }

    @Test func theSentenceNamesTheIdAndWhatItStoodFor() {
        let conflict = changed { $0.environment = "production" }.conflict(with: Self.first)
        #expect(
            conflict?.description
                == "the id build-4711 of source /ci was used before, by the event about checkout 2.4.0 in staging;"
                + " it differs in environment: give each event an id of its own"
        )
    }

    @Test func anAnalysisIsComparedByWhatItIsOf() {
        let later = changed { $0.weight = 50 }
        #expect(Self.first.conflict(withAnalysisOf: later) == nil)
        #expect(changed { $0.environment = "production" }.conflict(withAnalysisOf: later)?.fields == ["environment"])
        #expect(changed { $0.version = "3" }.conflict(withAnalysisOf: later)?.fields == ["version"])
    }
}
