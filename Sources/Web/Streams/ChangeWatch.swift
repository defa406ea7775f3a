import Analysis
import Engine
import NIOCore
import Store
import Synchronization
import Telemetry

/// Follows the changes of the store for all streams of this process: it asks the store once a second, whatever the number of
/// readers, and not at all without any. What other replicas write is in the store too.
final class ChangeWatch: Sendable {
    private struct State {
        var readers: StreamReaders
        var isRunning = false
        /// Nil without readers.
        var place: ChangePlace?
    }

    static let pause = Duration.seconds(1)
    /// Changes that are read at a time.
    private static let page = 500

    private let store: any Store
    private let clock: any EngineClock
    private let metrics: WebMetrics
    private let state: Mutex<State>

    /// - Parameter maximum: streams at a time.
    init(_ store: any Store, clock: any EngineClock, metrics: WebMetrics, maximum: Int) {
        self.store = store
        self.clock = clock
        self.metrics = metrics
        state = Mutex(State(readers: StreamReaders(maximum: maximum)))
    }

    /// Throws `StreamLimit` when there is no room, and what the store throws.
    func follow(_ changes: FollowedChanges, for time: Duration) async throws -> ChangeReader {
        let end = try await store.endOfChanges()
        let until = clock.now() + time
        let (added, place, starts) = state.withLock { state in
            guard let added = state.readers.add(changes, until: until) else {
                return ((id: Int, chunks: StreamReaders.Chunks)?.none, end, false)
            }
            let place = state.place ?? end
            state.place = place
            defer { state.isRunning = true }
            return (added, place, !state.isRunning)
        }
        guard let added else {
            metrics.droppedStreams.add(1, "full")
            throw StreamLimit()
        }
        count()
        if starts { Task { await run() } }
        return ChangeReader(chunks: added.chunks, place: place) { [self] in
            state.withLock { $0.readers.remove(added.id, of: changes) }
            count()
        }
    }

    private func count() { metrics.streams.set(Double(state.withLock { $0.readers.count })) }

    private func run() async {
        while isFollowed() {
            await look()
            try? await clock.sleep(until: clock.now() + Self.pause)
        }
    }

    private func isFollowed() -> Bool {
        state.withLock { state in
            guard state.readers.count == 0 else { return true }
            state.isRunning = false
            state.place = nil
            return false
        }
    }

    /// Where the store cannot be read the place stays, and the next look goes on from it.
    private func look() async {
        guard var place = state.withLock({ $0.place }) else { return }
        var isWhole = false
        while !isWhole {
            guard let found = try? await store.changes(after: place, ofSession: nil, limit: Self.page) else { break }
            isWhole = found.count < Self.page
            state.withLock { state in
                for change in found where place.pass(change) { state.readers.note(change, at: place) }
            }
        }
        if isWhole { place.endLook() }
        let dropped = state.withLock { [place] state in
            state.place = place
            return state.readers.endLook(at: place, now: clock.now())
        }
        if dropped > 0 { metrics.droppedStreams.add(Double(dropped), "slow") }
        count()
    }
}

/// There are as many streams as may be.
struct StreamLimit: Error {}

/// One that follows changes: until it is let go of.
final class ChangeReader: Sendable {
    /// Text of the stream; ends when the reader does not keep up, and when its time is up.
    let chunks: StreamReaders.Chunks
    /// What comes lies behind it.
    let place: ChangePlace
    private let leave: @Sendable () -> Void

    fileprivate init(
        chunks: StreamReaders.Chunks,
        place: ChangePlace,
        leave: @escaping @Sendable () -> Void
    ) {
        self.chunks = chunks
        self.place = place
        self.leave = leave
    }

    /// Ends `chunks`. May be called again.
    func end() { leave() }

    deinit { leave() }
}
