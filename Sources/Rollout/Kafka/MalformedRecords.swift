import EventFormats
import Synchronization

/// The records of a batch that are no verdicts. All are set aside when the first of them is, at the same time: one after
/// the other, they would hold up the verdicts behind them for as long as each takes.
final class MalformedRecords: Sendable {
    private let deadLetters: any DeadLetters
    private let unsent = Mutex<[Int: DeadLetter]>([:])

    init(_ deadLetters: any DeadLetters) {
        self.deadLetters = deadLetters
    }

    /// - Returns: its place among them.
    func add(_ letter: DeadLetter) -> Int {
        unsent.withLock { unsent in
            let place = unsent.count
            unsent[place] = letter
            return place
        }
    }

    /// Returns once the record at a place is stored. To be called again when it throws.
    func setAside(_ place: Int) async throws {
        let letters = unsent.withLock { $0[place] == nil ? [:] : $0 }
        guard !letters.isEmpty else { return }
        let failures = await deadLetters.setAside(letters)
        unsent.withLock { unsent in
            for place in letters.keys where failures[place] == nil { unsent[place] = nil }
        }
        if let failure = failures[place] { throw failure }
    }
}
