import Analysis
import GRDB
import Synchronization

/// A change that waits to be written, and what became of it.
final class CommitRequest: Sendable {
    typealias Outcome = Result<[String: Int64], StoreError>

    let change: StoreChange
    private let state = Mutex<Outcome?>(nil)

    init(_ change: StoreChange) {
        self.change = change
    }

    /// Nil until it has been written durably, or it is known that it has not been.
    var outcome: Outcome? { state.withLock { $0 } }

    func settle(_ outcome: Outcome) {
        state.withLock { $0 = outcome }
    }
}

/// Changes that wait for the one writer of the file. The caller that gets it first writes those of all: a transaction
/// costs a flush of the disk, however much is in it.
final class CommitQueue: Sendable {
    private let waiting = Mutex<[CommitRequest]>([])

    func add(_ request: CommitRequest) {
        waiting.withLock { $0.append(request) }
    }

    /// Forgets a request whose write has not begun; false when it has.
    func remove(_ request: CommitRequest) -> Bool {
        waiting.withLock { waiting in
            guard let place = waiting.firstIndex(where: { $0 === request }) else { return false }
            waiting.remove(at: place)
            return true
        }
    }

    /// Writes all that wait and settles them. Each is written whole or not at all, whatever becomes of the others.
    func writeAll(in database: Database) {
        let batch = waiting.withLock { waiting in
            defer { waiting = [] }
            return waiting
        }
        guard !batch.isEmpty else { return }
        do {
            let outcomes = try Self.write(batch, in: database)
            for (request, outcome) in zip(batch, outcomes) { request.settle(outcome) }
        } catch {
            // Nothing was written. One change may be to blame: each gets a transaction and an answer of its own.
            guard batch.count > 1 else { return batch[0].settle(.failure(StoreError(sqlite: error))) }
            for request in batch {
                do { request.settle(try Self.write([request], in: database)[0]) } catch {
                    request.settle(.failure(StoreError(sqlite: error)))
                }
            }
        }
    }

    /// One transaction. A conflict undoes its own change alone; anything else undoes all.
    private static func write(_ batch: [CommitRequest], in database: Database) throws -> [CommitRequest.Outcome] {
        var outcomes: [CommitRequest.Outcome] = []
        try database.inTransaction(.immediate) {
            for request in batch {
                var outcome = CommitRequest.Outcome.success([:])
                try database.inSavepoint {
                    do {
                        outcome = .success(try apply(request.change, in: database))
                        return .commit
                    } catch let error as StoreError where error.code == .conflict {
                        outcome = .failure(error)
                        return .rollback
                    }
                }
                outcomes.append(outcome)
            }
            return .commit
        }
        return outcomes
    }
}
