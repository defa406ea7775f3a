import Text

/// What the strata of a metric show, such as its routes, each compared within itself.
package struct StrataEvidence: Sendable, Equatable, Codable {
    package var label: String
    /// Strata of which both sides have had requests.
    package var count: Int
    /// The one that most of the evidence of a difference is from; nil where none speaks for one.
    package var strongest: StratumEvidence?
    /// The ratio of all requests together, whatever their mix; nil where the control has no events.
    package var pooledRatio: Double?
    /// The experiment's part of strata in which the control has had no requests at the same time: it is not compared.
    package var uncompared: ExposureTotals
    /// The experiment's in all.
    package var withUncompared: ExposureTotals

    package init(
        label: String,
        count: Int,
        strongest: StratumEvidence? = nil,
        pooledRatio: Double? = nil,
        uncompared: ExposureTotals = ExposureTotals(events: 0, requests: 0),
        withUncompared: ExposureTotals = ExposureTotals(events: 0, requests: 0)
    ) {
        self.label = label
        self.count = count
        self.strongest = strongest
        self.pooledRatio = pooledRatio
        self.uncompared = uncompared
        self.withUncompared = withUncompared
    }

    /// A larger part of the experiment's requests or events keeps a metric from passing that is not compared.
    private static let largestUncompared = 0.05

    /// Too much of the experiment is not compared with anything.
    package var isHeld: Bool {
        uncompared.requests > Self.largestUncompared * withUncompared.requests
            || (uncompared.events >= 3 && uncompared.events > Self.largestUncompared * withUncompared.events)
    }

    /// What is worth saying, a sentence each.
    ///
    /// - Parameters:
    ///   - effect: the ratio within the strata.
    ///   - isSuspected: there is evidence for harm.
    func sentences(_ effect: RatioEstimate?, isSuspected: Bool) -> [String] {
        var found: [String] = []
        if isSuspected, let strongest, count > 1 {
            let name = strongest.name.isEmpty ? "the rest of \(label)" : "\(label) \(strongest.name.excerpt(60))"
            let ratio = strongest.ratio.map { ", at \($0.brief) times the control" } ?? ""
            let part = strongest.part >= 0.95 ? "nearly all" : strongest.part >= 0.5 ? "most" : "the largest part"
            found.append("\(part) of it on \(name)\(ratio)")
        }
        if let effect, let pooledRatio, count > 1, pooledRatio < effect.lower || pooledRatio > effect.upper {
            found.append(
                "the mix of \(label) differs between the sides: all together it would be \(pooledRatio.brief) times"
            )
        }
        if isHeld {
            found.append(
                "\(uncompared.events.briefCount) of \(uncompared.requests.briefCount) requests of the experiment are of a"
                    + " \(label) that the control has no requests of, so they are compared with nothing, and nothing passes"
            )
        }
        return found
    }
}

/// One stratum.
package struct StratumEvidence: Sendable, Equatable, Codable {
    /// The value of the label; empty for all those together that are not told apart.
    package var name: String
    /// Its part of the evidence, 0 to 1.
    package var part: Double
    /// The quotient of the rates; nil where the control has no events.
    package var ratio: Double?
    package var control: ExposureTotals
    package var experiment: ExposureTotals

    package init(
        name: String,
        part: Double,
        ratio: Double?,
        control: ExposureTotals,
        experiment: ExposureTotals
    ) {
        self.name = name
        self.part = part
        self.ratio = ratio
        self.control = control
        self.experiment = experiment
    }
}
