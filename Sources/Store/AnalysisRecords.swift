/// What is kept of analyses, for work that may read it and change nothing.
package protocol AnalysisRecords: Sendable {
    /// Sessions by the time they were opened, newest first.
    func sessions(_ query: SessionQuery) async throws(StoreError) -> [ListedSession]

    /// What earlier analyses have learned of the noise of metrics, of those that are kept.
    func noise(of keys: [NoiseKey]) async throws(StoreError) -> [StoredNoise]
}
