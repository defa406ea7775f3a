import Analysis
import Foundation
import Testing

@testable import StoredFormats

/// What is known about releases, kept by two versions that work side by side.
@Suite struct ReleaseTimelineFormTests {
    private let start = Timestamp(milliseconds: 1_772_359_200_000)

    private func event(_ version: String, at seconds: Int, in cluster: String?) -> DeployEvent {
        DeployEvent(
            identity: EventIdentity(source: "/ci", id: "\(version)-\(seconds)"),
            time: start + .seconds(seconds),
            application: "shop",
            environment: "production",
            cluster: cluster,
            version: version
        )
    }

    /// The whole form of version 0.1.0.
    private struct FirstTimeline: Codable {
        struct Entry: Codable {
            var version: String
            var revision: String?
            var at: Timestamp
        }

        var newest: Entry?
        var withdrawals: [Entry]
        var openedAt: Timestamp?
    }

    private func history(_ events: [DeployEvent]) -> ReleaseHistory {
        var history = ReleaseHistory()
        for event in events {
            _ = history.apply(event, receivedAt: start + .seconds(1000), analysed: [])
            _ = history.opening(receivedAt: start + .seconds(1000))
        }
        return history
    }

    @Test func comesBackAsItWas() throws {
        var withdrawal = event("1", at: 20, in: "eu")
        withdrawal.phase = .cancelled
        withdrawal.revision = "r"
        let history = history([event("2", at: 10, in: "eu"), withdrawal])
        #expect(!history.shared.common.withdrawals.isEmpty && history.own.openedAt == nil)
        #expect(history.shared.all.openedAt != nil)
        #expect(try ReleaseTimelineForm.read(ReleaseTimelineForm.write(history.own)) == history.own)
        #expect(try SharedTimelineForm.read(SharedTimelineForm.write(history.shared)) == history.shared)
        let text = String(decoding: try SharedTimelineForm.write(history.shared), as: UTF8.self)
        #expect(text.components(separatedBy: #""form":2"#).count == 2)
    }

    @Test func aReplicaOfTheFirstVersionGoesOnWithIt() throws {
        let kept = try SharedTimelineForm.write(history([event("1", at: 10, in: "eu")]).shared)
        var old = try JSONDecoder().decode(FirstTimeline.self, from: kept)
        #expect(old.newest?.version == "1" && old.openedAt != nil)
        old.newest = FirstTimeline.Entry(version: "2", at: start + .seconds(20))
        // It does not say which place it was about.
        let read = try SharedTimelineForm.read(JSONEncoder().encode(old))
        #expect(read.all.newest?.version == "2" && read.common == read.all)
    }

    @Test func aNewerFormIsToldFromADamagedOne() {
        let newer = Data(#"{"form":3,"epochs":[]}"#.utf8)
        #expect(throws: FormError(newer: 3, than: 2, of: "release timeline")) { try ReleaseTimelineForm.read(newer) }
        #expect(throws: FormError(newer: 3, than: 2, of: "shared release timeline")) {
            try SharedTimelineForm.read(newer)
        }
        #expect(throws: FormError(.malformed, "the stored release timeline cannot be read: withdrawals is missing")) {
            try ReleaseTimelineForm.read(Data("{}".utf8))
        }
    }
}
