package import Analysis

/// Analyses of past windows: asked for, taken up by one replica at a time, and kept. Nothing of them is in the tables of
/// releases, so that nothing that reads those can take one for an analysis of a release.
package protocol PastAnalyses: Sendable {
    /// Keeps one that is to be made. False, and nothing kept, where `limit` of them wait or are being made.
    func add(_ past: PastAnalysis, at now: Timestamp, unlessWaiting limit: Int) async throws(StoreError) -> Bool

    /// Leases the one that waits longest, or whose lease has run out; nil where there is none. One of a newer form is left to
    /// others, and so is one that was begun `ClaimedPastAnalysis.mostAttempts` times.
    func claimPastAnalysis(_ claim: LeaseClaim) async throws(StoreError) -> ClaimedPastAnalysis?

    /// Extends the lease. False where it has been lost.
    func renewPastAnalysis(_ id: String, version: Int64, until: Timestamp) async throws(StoreError) -> Bool

    /// Gives leases back, so that another process need not wait for them to run out.
    func releasePastAnalyses(owner: String) async throws(StoreError)

    /// Keeps what has come of one. Throws `.conflict` where it is no longer held.
    func finish(
        _ past: PastAnalysis,
        _ samples: [SampleBlock],
        version: Int64,
        at now: Timestamp
    ) async throws(StoreError)

    /// Throws `.corrupt` when it cannot be read.
    func pastAnalysis(id: String) async throws(StoreError) -> StoredPastAnalysis?

    /// Of one that has ended; empty otherwise.
    func samples(ofPastAnalysis id: String) async throws(StoreError) -> [SampleBlock]

    /// Newest first. Those that cannot be read are left out.
    func pastAnalyses(_ query: PastAnalysisQuery) async throws(StoreError) -> [StoredPastAnalysis]
}
