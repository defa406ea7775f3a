package import Analysis
package import Store

extension LinkedStore {
    package func add(
        _ past: PastAnalysis,
        at now: Timestamp,
        unlessWaiting limit: Int
    ) async throws(StoreError) -> Bool {
        try await write("addPastAnalysis") { tables throws(StoreError) in
            tables.add(past, at: now, unlessWaiting: limit)
        }
    }

    package func claimPastAnalysis(_ claim: LeaseClaim) async throws(StoreError) -> ClaimedPastAnalysis? {
        try await write("claimPastAnalysis") { tables throws(StoreError) in tables.claimPastAnalysis(claim) }
    }

    package func renewPastAnalysis(
        _ id: String,
        version: Int64,
        until: Timestamp
    ) async throws(StoreError) -> Bool {
        try await write("renewPastAnalysis") { tables throws(StoreError) in
            tables.renewPastAnalysis(id, version: version, until: until)
        }
    }

    package func releasePastAnalyses(owner: String) async throws(StoreError) {
        try await write("releasePastAnalyses") { tables throws(StoreError) in
            tables.releasePastAnalyses(owner: owner)
        }
    }

    package func finish(
        _ past: PastAnalysis,
        _ samples: [SampleBlock],
        version: Int64,
        at now: Timestamp
    ) async throws(StoreError) {
        try await write("finishPastAnalysis") { tables throws(StoreError) in
            try tables.finish(past, samples, version: version, at: now)
        }
    }

    package func pastAnalysis(id: String) async throws(StoreError) -> StoredPastAnalysis? {
        try await call("pastAnalysis") { tables throws(StoreError) in tables.pastAnalyses[id]?.stored }
    }

    package func samples(ofPastAnalysis id: String) async throws(StoreError) -> [SampleBlock] {
        try await call("samplesOfPastAnalysis") { tables throws(StoreError) in tables.pastAnalyses[id]?.samples ?? [] }
    }

    package func pastAnalyses(_ query: PastAnalysisQuery) async throws(StoreError) -> [StoredPastAnalysis] {
        try await call("pastAnalyses") { tables throws(StoreError) in tables.pastAnalyses(query) }
    }
}
