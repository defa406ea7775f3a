/// Looks for the end of a batch that the library can't read.
///
/// The library says where the batch begins, and nothing about how many records it has: a fetch from anywhere inside of it
/// fails with the same beginning. So the end is looked for by fetches further and further behind, and then between the
/// last that failed and the first that did not. Most such batches have one record, and take one fetch.
struct UnreadableSearch: Equatable {
    enum Step: Equatable {
        /// Fetch from there, and say what came.
        case fetch(Int64)
        /// The offsets that can't be read; what comes behind them is to be read as usual.
        case found(Range<Int64>)
        /// The second fetch has worked.
        case nothing
    }

    /// Where the batch begins.
    private(set) var base: Int64
    /// What the library says about it.
    let reason: String
    /// The first offset that was still to be read.
    private(set) var first: Int64
    /// The offset that was fetched from last.
    private(set) var probe: Int64
    /// The greatest offset that is known to be in the batch; nil until the failure has come twice.
    private var inside: Int64?
    /// The least offset that is known to be behind it.
    private var behind: Int64
    private var stride: Int64 = 1
    private var isNarrowing = false

    /// - Parameters:
    ///   - expected: the offset that should have come; nil where that is not known.
    ///   - end: of the partition, which is the end of the batch at the latest. Without it only one offset is passed over.
    init(base: Int64, expected: Int64?, end: Int64?, reason: String) {
        self.base = base
        self.reason = reason
        // Behind the end lies nothing: the topic was made anew or cut, and reading has begun again before it.
        let known = expected.flatMap { $0 <= end ?? .max ? $0 : nil }
        self.first = max(base, known ?? base)
        self.probe = self.first
        self.behind = max(end ?? 0, self.first.saturatingSuccessor)
    }

    /// A fetch from `probe` has met a batch that can't be read.
    mutating func failed(base met: Int64) -> Step {
        if self.inside == nil, met != self.base {
            // What stood there at first could be read after all.
            self.base = met
            self.first = max(met, self.first)
            self.probe = self.first
            self.behind = max(self.behind, self.first.saturatingSuccessor)
            return .fetch(self.probe)
        }
        if met == self.base {
            self.inside = self.probe
        } else if let inside = self.inside {
            // Another one, in which the fetch began or before which there is nothing.
            self.narrow(to: min(self.probe, max(met, inside.saturatingSuccessor)))
        }
        return self.next()
    }

    /// A fetch from `probe` has brought a record, or the end of the partition.
    mutating func worked() -> Step {
        guard self.inside != nil else { return .nothing }
        self.narrow(to: self.probe)
        return self.next()
    }

    /// Nothing has come for long: there may be nothing to be had there, such as behind the beginning of a transaction that
    /// is open.
    mutating func waited() -> Step? {
        guard let inside = self.inside, self.probe > inside.saturatingSuccessor else { return nil }
        self.stride = 1
        self.probe = inside + max(1, (self.probe - inside) / 2)
        return .fetch(self.probe)
    }

    private mutating func narrow(to offset: Int64) {
        self.behind = min(self.behind, offset)
        self.isNarrowing = true
    }

    private mutating func next() -> Step {
        guard let inside = self.inside else { return .nothing }
        let successor = inside.saturatingSuccessor
        guard self.behind > successor else { return .found(self.first..<max(self.behind, successor)) }
        if self.isNarrowing {
            self.probe = inside + (self.behind - inside) / 2
        } else {
            self.probe = inside + min(self.stride, self.behind - 1 - inside)
            self.stride = min(self.stride, .max / 4) * 2
        }
        return .fetch(self.probe)
    }
}

extension Int64 {
    fileprivate var saturatingSuccessor: Int64 { self == .max ? self : self + 1 }
}
