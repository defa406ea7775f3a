import Analysis
import NIOCore
import Store

/// Who follows changes, and what each has waiting. A value: the watch that owns it sends.
struct StreamReaders {
    typealias Chunks = AsyncStream<ByteBuffer>

    private struct Reader {
        var chunks: Chunks.Continuation
        var until: Timestamp
    }

    /// What a reader that does not take anything has waiting: so many chunks of so many bytes. Then it is dropped.
    static let maximumChunks = 8
    static let maximumBytes = 16 << 10
    /// Looks between two signs of life.
    private static let beatEvery = 15

    private let maximum: Int
    private var byChanges: [FollowedChanges: [Int: Reader]] = [:]
    /// Of one session, found without a search: there may be as many as readers.
    private var followedOfSession: [String: Set<FollowedChanges>] = [:]
    private var lists: Set<FollowedChanges> = []
    private var nextID = 0
    private var looks = 0
    /// Of the look under way, by what is followed.
    private var texts: [FollowedChanges: String] = [:]
    private(set) var count = 0

    init(maximum: Int) {
        self.maximum = maximum
    }

    /// Nil when there is no room.
    mutating func add(_ changes: FollowedChanges, until: Timestamp) -> (id: Int, chunks: Chunks)? {
        guard count < maximum else { return nil }
        let (chunks, continuation) = Chunks.makeStream(bufferingPolicy: .bufferingOldest(Self.maximumChunks))
        nextID += 1
        count += 1
        byChanges[changes, default: [:]][nextID] = Reader(chunks: continuation, until: until)
        if let session = changes.session {
            followedOfSession[session, default: []].insert(changes)
        } else {
            lists.insert(changes)
        }
        return (nextID, chunks)
    }

    mutating func remove(_ id: Int, of changes: FollowedChanges) {
        guard let reader = byChanges[changes]?.removeValue(forKey: id) else { return }
        reader.chunks.finish()
        count -= 1
        guard byChanges[changes]?.isEmpty == true else { return }
        byChanges[changes] = nil
        texts[changes] = nil
        lists.remove(changes)
        guard let session = changes.session else { return }
        followedOfSession[session]?.remove(changes)
        if followedOfSession[session]?.isEmpty == true { followedOfSession[session] = nil }
    }

    /// Notes a change for those who follow it.
    mutating func note(_ change: SessionChange, at place: ChangePlace) {
        let ofSession = followedOfSession[change.session] ?? []
        for changes in ofSession.union(lists.filter { $0.cover(change) }) {
            let text = texts[changes, default: ""]
            guard text != StreamText.reset else { continue }
            let longer = text + StreamText.event(change, at: place, isSummary: changes.isSummary)
            texts[changes] = longer.utf8.count > Self.maximumBytes ? StreamText.reset : longer
        }
    }

    /// Sends what was noted, and signs of life. Returns how many readers were dropped because they do not take what they
    /// are sent.
    mutating func endLook(at place: ChangePlace, now: Timestamp) -> Int {
        looks += 1
        var dropped = 0
        for (changes, readers) in byChanges {
            let chunk = texts[changes].map { text in
                ByteBuffer(string: text == StreamText.reset ? text + StreamText.place(place) : text)
            }
            for (id, reader) in readers {
                let isBeaten = (looks + id) % Self.beatEvery == 0
                if let chunk = chunk ?? (isBeaten ? StreamText.beat : nil), case .dropped = reader.chunks.yield(chunk) {
                    dropped += 1
                    remove(id, of: changes)
                } else if now >= reader.until {
                    remove(id, of: changes)
                }
            }
        }
        texts = [:]
        return dropped
    }
}
