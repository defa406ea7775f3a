import Analysis
import Testing

@testable import Service

@Suite struct WantedDeploymentTests {
    private func event(
        _ id: String,
        _ version: String = "2.4.0",
        environment: String = "production",
        cluster: String? = nil,
        source: String = "/ci",
        phase: DeployEvent.Phase = .deployed
    ) -> DeployEvent {
        DeployEvent(
            identity: EventIdentity(source: source, id: id),
            phase: phase,
            application: "checkout",
            environment: environment,
            cluster: cluster,
            version: version
        )
    }

    private func published(_ events: DeployEvent...) -> [WantedDeployment.Published] {
        events.enumerated().map { .init(event: $1, writtenAt: nil, offset: Int64($0)) }
    }

    private func verdict(on event: DeployEvent, repeats: [EventIdentity]? = nil) -> Verdict {
        var (_, verdict) = AnalysisSession.rejected(
            id: SessionID.make(for: event.identity),
            event: event,
            ending: .noPlan("none matches"),
            receivedAt: Timestamp(milliseconds: 0),
            at: Timestamp(milliseconds: 0)
        )
        verdict.repeats = repeats
        return verdict
    }

    private static let release = WantedVerdict.version(
        ReleaseFilter(application: "checkout", environment: "production", version: "2.4.0")
    )

    @Test func theNewestDeploymentOfAVersionCounts() throws {
        let (first, second) = (event("1"), event("2"))
        let wanted = try #require(
            try WantedDeployment(
                Self.release,
                among: published(
                    first,
                    second,
                    event("3", "2.5.0"),
                    event("4", environment: "staging"),
                    event("5", phase: .cancelled)
                )
            )
        )
        #expect(wanted.event == second)
        #expect(!wanted.isAnswered(by: verdict(on: first)))
        #expect(wanted.isAnswered(by: verdict(on: second)))
        // The event went into the analysis that the first one had opened.
        #expect(wanted.isAnswered(by: verdict(on: first, repeats: [second.identity])))
        #expect(!wanted.isAnswered(by: verdict(on: first, repeats: [event("3").identity])))
    }

    @Test func theTimeOfWritingComesBeforeThePlaceInAPartition() throws {
        let events = [
            WantedDeployment.Published(event: event("1"), writtenAt: 20, offset: 3),
            .init(event: event("2"), writtenAt: 10, offset: 9),
        ]
        #expect(try WantedDeployment(Self.release, among: events)?.event.identity.id == "1")
    }

    @Test func severalReleasesAreNotChosenAmong() throws {
        let events = published(event("1"), event("2", environment: "staging"), event("3", cluster: "eu"))
        let any = WantedVerdict.version(ReleaseFilter(application: "checkout", version: "2.4.0"))
        let ambiguity = #expect(throws: AmbiguousRelease.self) { _ = try WantedDeployment(any, among: events) }
        #expect(ambiguity?.description.contains("--environment, --cluster") == true)
        #expect(throws: AmbiguousRelease.self) { _ = try WantedDeployment(Self.release, among: events) }
        let one = WantedVerdict.version(
            ReleaseFilter(application: "checkout", environment: "production", cluster: "eu", version: "2.4.0")
        )
        #expect(try WantedDeployment(one, among: events)?.event.identity.id == "3")
    }

    @Test func oneIdForTwoEventsIsAMistake() throws {
        let events = published(event("build-4711", environment: "staging"), event("build-4711"))
        #expect(throws: EventConflict.self) {
            _ = try WantedDeployment(.event(id: "build-4711", source: nil), among: events)
        }
        let session = SessionID.make(for: event("build-4711").identity)
        #expect(throws: EventConflict.self) { _ = try WantedDeployment(.session(session), among: events) }
        let again = published(event("1"), event("1"))
        #expect(try WantedDeployment(.event(id: "1", source: nil), among: again)?.event == event("1"))
        let sources = published(event("1"), event("1", source: "/other"))
        #expect(throws: AmbiguousRelease.self) {
            _ = try WantedDeployment(.event(id: "1", source: nil), among: sources)
        }
        #expect(try WantedDeployment(.event(id: "1", source: "/other"), among: sources) != nil)
    }

    @Test func whatIsNotOnTheTopicIsNotKnown() throws {
        #expect(try WantedDeployment(Self.release, among: []) == nil)
        #expect(try WantedDeployment(.session("s"), among: published(event("1"))) == nil)
    }

    @Test func aVerdictOnAnotherReleaseIsNoAnswer() throws {
        let wanted = try #require(try WantedDeployment(Self.release, among: published(event("1"))))
        #expect(!wanted.isAnswered(by: verdict(on: event("1", environment: "staging"))))
        #expect(!wanted.isAnswered(by: verdict(on: event("1", cluster: "eu"))))
        #expect(!wanted.isAnswered(by: verdict(on: event("1", "2.5.0"))))
    }

    @Test func withoutTheEventTheNewestAnalysisCounts() throws {
        func found(_ id: String, openedAt: Int64, environment: String = "production") throws -> PublishedVerdict {
            var verdict = verdict(on: event(id, environment: environment))
            verdict.openedAt = Timestamp(milliseconds: openedAt)
            return PublishedVerdict(verdict: verdict, data: [])
        }
        let verdicts = [try found("2", openedAt: 20), try found("1", openedAt: 10)]
        let newest = try TopicVerdicts.newest(verdicts, Self.release)
        #expect(newest.map(\.verdict.deployEvent.id) == ["2"])
        let any = WantedVerdict.version(ReleaseFilter(application: "checkout", version: "2.4.0"))
        #expect(throws: AmbiguousRelease.self) {
            _ = try TopicVerdicts.newest(verdicts + [try found("3", openedAt: 5, environment: "staging")], any)
        }
        // The event is one of staging's, the options say production.
        let other = WantedVerdict.event(id: "3", source: nil, ReleaseFilter(environment: "production"))
        #expect(throws: OtherRelease.self) {
            _ = try TopicVerdicts.newest([try found("3", openedAt: 5, environment: "staging")], other)
        }
        #expect(try TopicVerdicts.newest([], any).isEmpty)
    }
}
