/// The connections of a listener: whose they are, and which has to make room for another.
struct ConnectionLedger<ID: Hashable> {
    enum Activity: Int {
        /// No request has come in whole headers.
        case idle
        /// The body of a request is coming in.
        case receiving
        /// The answer is being made or sent. Such a connection is not closed for another.
        case answering
    }

    enum Admission: Equatable {
        case admitted
        /// Admitted, for that other connection, which is to be closed.
        case insteadOf(ID)
        case refused
    }

    private struct Entry {
        var peer: String
        var activity: Activity
        /// Counts up: the lower, the longer ago the activity began.
        var since: Int
    }

    private let maximum: Int
    private let maximumOfPeer: Int
    private var entries: [ID: Entry] = [:]
    private var ofPeer: [String: Int] = [:]
    private var time = 0

    init(maximum: Int, maximumOfPeer: Int) {
        self.maximum = maximum
        self.maximumOfPeer = maximumOfPeer
    }

    var count: Int { entries.count }

    mutating func open(_ id: ID, peer: String) -> Admission {
        var admission = Admission.admitted
        if ofPeer[peer, default: 0] >= maximumOfPeer {
            guard let other = longestIdle(of: peer) else { return .refused }
            admission = .insteadOf(other)
        } else if entries.count >= maximum {
            guard let other = longestIdle(of: nil) else { return .refused }
            admission = .insteadOf(other)
        }
        if case .insteadOf(let other) = admission { close(other) }
        time += 1
        entries[id] = Entry(peer: peer, activity: .idle, since: time)
        ofPeer[peer, default: 0] += 1
        return admission
    }

    mutating func note(_ activity: Activity, of id: ID) {
        guard entries[id] != nil, entries[id]?.activity != activity else { return }
        time += 1
        entries[id]?.activity = activity
        entries[id]?.since = time
    }

    /// May be told of one that is closed already.
    mutating func close(_ id: ID) {
        guard let entry = entries.removeValue(forKey: id) else { return }
        let rest = ofPeer[entry.peer, default: 1] - 1
        ofPeer[entry.peer] = rest > 0 ? rest : nil
    }

    /// Of the idle ones first, then of those that still send.
    private func longestIdle(of peer: String?) -> ID? {
        entries.filter { (peer == nil || $0.value.peer == peer) && $0.value.activity != .answering }
            .min { ($0.value.activity.rawValue, $0.value.since) < ($1.value.activity.rawValue, $1.value.since) }?.key
    }
}
