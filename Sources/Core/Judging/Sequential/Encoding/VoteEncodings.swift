extension VoteEngine {
    func write(to writer: inout StateWriter) {
        writer.write(votes)
        writer.write(count)
    }

    init(from reader: inout StateReader, upTo limit: Int) throws(SequentialStateError) {
        let votes = try reader.amount("votes")
        let count = try reader.amount("votes")
        guard count <= Double(limit), votes <= count, votes == votes.rounded(), count == count.rounded() else {
            throw .impossible("votes")
        }
        self.init(votes: votes, count: count)
    }
}

extension VoteDispersion {
    func write(to writer: inout StateWriter) {
        writer.write(count)
        writer.write(votes)
        for lag in 0..<Self.lags { writer.write(products[lag]) }
        for lag in 0..<Self.lags { writer.write(first[lag] != 0) }
        for lag in 0..<Self.lags { writer.write(recent[lag] != 0) }
    }

    init(from reader: inout StateReader, upTo limit: Int) throws(SequentialStateError) {
        self.init()
        count = try reader.count("votes", upTo: limit)
        votes = try reader.amount("votes")
        guard votes <= Double(count) else { throw .impossible("votes") }
        for lag in 0..<Self.lags {
            products[lag] = try reader.amount("votes in a row")
            guard products[lag] <= votes else { throw .impossible("votes in a row") }
        }
        for lag in 0..<Self.lags { first[lag] = try reader.flag("a first vote") ? 1 : 0 }
        for lag in 0..<Self.lags { recent[lag] = try reader.flag("a recent vote") ? 1 : 0 }
    }
}

extension RatioHistogram {
    func write(to writer: inout StateWriter) {
        for cell in cells { writer.write(cell) }
    }

    init(from reader: inout StateReader, upTo limit: Int) throws(SequentialStateError) {
        self.init()
        for cell in cells.indices {
            cells[cell] = try reader.count("a cell of ratios", upTo: limit - count)
            count += cells[cell]
        }
    }
}
