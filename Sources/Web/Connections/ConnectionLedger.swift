/// The connections of a listener: whose they are, and which has to make room for another.
struct ConnectionLedger<ID: Hashable> {
    enum Activity: Int {
        /// No request has come in whole headers.
        case idle
        /// The body of a request is coming in.
        case receiving
        /// The answer is being made or sent. Such a connection is not closed for another.
        case answering
        /// A stream is being sent, until it is closed. Streams have a limit of their own: they take no place here.
        case streaming
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
    /// Without streams.
    private var taken = 0
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
        } else if taken >= maximum {
            guard let other = longestIdle(of: nil) else { return .refused }
            admission = .insteadOf(other)
        }
        if case .insteadOf(let other) = admission { close(other) }
        time += 1
        entries[id] = Entry(peer: peer, activity: .idle, since: time)
        taken += 1
        ofPeer[peer, default: 0] += 1
        return admission
    }

    mutating func note(_ activity: Activity, of id: ID) {
        guard let entry = entries[id], entry.activity != activity, entry.activity != .streaming else { return }
        time += 1
        if activity == .streaming { leave(entry) }
        entries[id]?.activity = activity
        entries[id]?.since = time
    }

    /// May be told of one that is closed already.
    mutating func close(_ id: ID) {
        guard let entry = entries.removeValue(forKey: id), entry.activity != .streaming else { return }
        leave(entry)
    }

    private mutating func leave(_ entry: Entry) {
        taken -= 1
        let rest = ofPeer[entry.peer, default: 1] - 1
        ofPeer[entry.peer] = rest > 0 ? rest : nil
    }

    /// Of the idle ones first, then of those that still send.
    private func longestIdle(of peer: String?) -> ID? {
        entries.filter {
            (peer == nil || $0.value.peer == peer) && $0.value.activity.rawValue < Activity.answering.rawValue
        }
        .min { ($0.value.activity.rawValue, $0.value.since) < ($1.value.activity.rawValue, $1.value.since) }?.key
    }
}
