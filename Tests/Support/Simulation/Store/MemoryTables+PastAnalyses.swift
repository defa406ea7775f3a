package import Analysis
package import Store

/// One row of the table of analyses of past windows.
struct PastAnalysisRow: Sendable {
    var stored: StoredPastAnalysis
    var samples: [SampleBlock] = []
    var attempts = 0
    var owner: String?
    var leaseUntil: Timestamp?
    var version: Int64 = 1

    var isOpen: Bool { stored.finishedAt == nil && attempts < ClaimedPastAnalysis.mostAttempts }
}

extension MemoryTables {
    mutating func add(_ past: PastAnalysis, at now: Timestamp, unlessWaiting limit: Int) -> Bool {
        guard pastAnalyses.values.count(where: \.isOpen) < limit else { return false }
        pastAnalyses[past.id] = PastAnalysisRow(stored: StoredPastAnalysis(past, requestedAt: now))
        return true
    }

    mutating func claimPastAnalysis(_ claim: LeaseClaim) -> ClaimedPastAnalysis? {
        let free = pastAnalyses.values.filter { row in
            row.isOpen && row.leaseUntil.map { $0 <= claim.now } ?? true
        }
        let oldest = free.min { one, other in
            (one.stored.requestedAt, one.stored.analysis.id) < (other.stored.requestedAt, other.stored.analysis.id)
        }
        guard var row = oldest else { return nil }
        row.attempts += 1
        row.version += 1
        row.stored.isBegun = true
        (row.owner, row.leaseUntil) = (claim.owner, claim.until)
        pastAnalyses[row.stored.analysis.id] = row
        return ClaimedPastAnalysis(row.stored.analysis, version: row.version, attempts: row.attempts)
    }

    mutating func renewPastAnalysis(_ id: String, version: Int64, until: Timestamp) -> Bool {
        guard let row = pastAnalyses[id], row.version == version, row.stored.finishedAt == nil, row.leaseUntil != nil
        else { return false }
        pastAnalyses[id]?.leaseUntil = until
        return true
    }

    mutating func releasePastAnalyses(owner: String) {
        for (id, row) in pastAnalyses where row.owner == owner && row.stored.finishedAt == nil {
            var row = row
            (row.owner, row.leaseUntil) = (nil, nil)
            row.version += 1
            row.attempts -= 1
            row.stored.isBegun = row.attempts > 0
            pastAnalyses[id] = row
        }
    }

    mutating func finish(
        _ past: PastAnalysis,
        _ samples: [SampleBlock],
        version: Int64,
        at now: Timestamp
    ) throws(StoreError) {
        guard var row = pastAnalyses[past.id], row.version == version, row.stored.finishedAt == nil else {
            throw StoreError(.conflict, "the analysis \(past.id) has been taken over")
        }
        row.stored.analysis = past
        row.stored.finishedAt = now
        row.samples = samples
        (row.owner, row.leaseUntil) = (nil, nil)
        pastAnalyses[past.id] = row
    }

    func pastAnalyses(_ query: PastAnalysisQuery) -> [StoredPastAnalysis] {
        let found = pastAnalyses.values.map(\.stored).filter { stored in
            let event = stored.analysis.session.event
            guard query.application.map({ $0 == event.application }) ?? true,
                query.environment.map({ $0 == event.environment }) ?? true
            else { return false }
            guard let after = query.after else { return true }
            return stored.requestedAt < after.openedAt
                || stored.requestedAt == after.openedAt && stored.analysis.id > after.id
        }
        let sorted = found.sorted { one, other in
            (other.requestedAt, one.analysis.id) < (one.requestedAt, other.analysis.id)
        }
        return Array(sorted.prefix(query.limit))
    }

    mutating func deletePastAnalyses(before time: Timestamp, _ limit: Int) -> Int {
        let expired = pastAnalyses.values.filter { !$0.isOpen && $0.stored.requestedAt < time }.prefix(limit)
        for row in expired { pastAnalyses[row.stored.analysis.id] = nil }
        return expired.count
    }
}

extension MemoryStore {
    package func add(
        _ past: PastAnalysis,
        at now: Timestamp,
        unlessWaiting limit: Int
    ) async throws(StoreError) -> Bool {
        try transaction { tables throws(StoreError) in tables.add(past, at: now, unlessWaiting: limit) }
    }

    package func claimPastAnalysis(_ claim: LeaseClaim) async throws(StoreError) -> ClaimedPastAnalysis? {
        try transaction { tables throws(StoreError) in tables.claimPastAnalysis(claim) }
    }

    package func renewPastAnalysis(
        _ id: String,
        version: Int64,
        until: Timestamp
    ) async throws(StoreError) -> Bool {
        try transaction { tables throws(StoreError) in
            tables.renewPastAnalysis(id, version: version, until: until)
        }
    }

    package func releasePastAnalyses(owner: String) async throws(StoreError) {
        try transaction { tables throws(StoreError) in tables.releasePastAnalyses(owner: owner) }
    }

    package func finish(
        _ past: PastAnalysis,
        _ samples: [SampleBlock],
        version: Int64,
        at now: Timestamp
    ) async throws(StoreError) {
        try transaction { tables throws(StoreError) in
            try tables.finish(past, samples, version: version, at: now)
        }
    }

    package func pastAnalysis(id: String) async throws(StoreError) -> StoredPastAnalysis? {
        read { $0.pastAnalyses[id]?.stored }
    }

    package func samples(ofPastAnalysis id: String) async throws(StoreError) -> [SampleBlock] {
        read { $0.pastAnalyses[id]?.samples ?? [] }
    }

    package func pastAnalyses(_ query: PastAnalysisQuery) async throws(StoreError) -> [StoredPastAnalysis] {
        read { $0.pastAnalyses(query) }
    }
}
