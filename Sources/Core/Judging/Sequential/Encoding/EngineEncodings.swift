extension RatioPrior {
    func write(to writer: inout StateWriter) {
        writer.write(center)
        writer.write(spread)
        writer.write(base)
    }

    init(from reader: inout StateReader) throws(SequentialStateError) {
        self.init(
            center: try reader.number("the prior"),
            spread: try reader.amount("the prior"),
            base: try reader.amount("the prior")
        )
    }
}

extension RunStarts {
    func write(to writer: inout StateWriter) {
        writer.write(planned)
        writer.write(weights)
    }

    /// Planned units and weights.
    static func parts(from reader: inout StateReader) throws(SequentialStateError) -> (Int, SIMD4<Double>) {
        (try reader.count("planned units"), try reader.four("weights of the runs"))
    }
}

extension LikelihoodRatioEngine {
    func write(to writer: inout StateWriter) {
        for tally in tallies {
            writer.write(tally.events)
            writer.write(tally.total)
            writer.write(tally.failSum)
            writer.write(tally.passSum)
        }
        writer.write(sums)
    }

    init(
        from reader: inout StateReader,
        _ fail: RatioMixture,
        _ pass: RatioMixture,
        runs: Int
    ) throws(SequentialStateError) {
        var tallies: [RunTally] = []
        tallies.reserveCapacity(runs)
        for _ in 0..<runs {
            let tally = RunTally(
                events: try reader.amount("events"),
                total: try reader.amount("events"),
                failSum: try reader.number("the sum at a bound"),
                passSum: try reader.number("the sum at a bound")
            )
            // Sums of parts may differ in the last bits.
            guard tally.events <= tally.total * (1 + 1e-9) else { throw .impossible("events") }
            tallies.append(tally)
        }
        let sums = try reader.numbers(runs * RatioGrid.count, "a sum over the grid")
        self.init(fail: fail, pass: pass, tallies: tallies, sums: sums)
    }
}

extension CountDispersion {
    func write(to writer: inout StateWriter) {
        writer.write(units)
        writer.write(experimentSum)
        writer.write(controlSum)
        writer.write(shareSum)
        writer.write(information)
        writer.write(residualVariance)
        writer.write(squares)
        writer.write(products)
        writer.write(recent)
        writer.write(boundVariance)
        writer.write(boundVarianceSquares)
        writer.write(ratioVariance)
        writer.write(ratioVarianceSquares)
    }

    init(from reader: inout StateReader, upTo limit: Int) throws(SequentialStateError) {
        self.init()
        units = try reader.count("units of a run", upTo: limit)
        experimentSum = try reader.amount("a sum of events")
        controlSum = try reader.amount("a sum of events")
        shareSum = try reader.amount("the sum of shares")
        guard units == 0 || shareSum > 0 else { throw .impossible("the sum of shares") }
        information = try reader.amount("a variance")
        residualVariance = try reader.amount("a variance")
        squares = try reader.amount("the sum of squares")
        products = try reader.eight("a sum of products")
        recent = try reader.eight("a residual")
        boundVariance = try reader.amount("a variance")
        boundVarianceSquares = try reader.amount("a variance")
        ratioVariance = try reader.amount("a variance")
        ratioVarianceSquares = try reader.amount("a variance")
    }
}
