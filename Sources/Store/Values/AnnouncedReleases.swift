package import Analysis

extension Store {
    /// Whether an event that has come in and has no answer yet may be about a release, also one that takes a version back; true
    /// while more wait than are looked at.
    package func mayBeAnnounced(_ release: ReleaseIdentity) async throws(StoreError) -> Bool {
        let most = 1000
        let waiting = try await unansweredEvents(limit: most)
        return waiting.count >= most || waiting.contains { $0.event.release.mayBe(release) }
    }
}
