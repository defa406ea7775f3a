extension SequentialState {
    /// What is known of the noise of counts from before the release; nil for values.
    package var noiseBefore: CountNoise? {
        switch comparison {
        case .counts(let counts): counts.noise
        case .latency(let latency): latency.noise
        case .gauge, .past: nil
        }
    }

    /// Where the noise is known from.
    package var noiseSource: NoiseEvidence.Source {
        if kept != nil { return .kept }
        switch comparison {
        case .gauge(let gauge): return gauge.noise == nil ? .measured : .learned
        case .past(let past): return past.state?.canDecide == true ? .learned : .assumed
        case .counts, .latency:
            if case .learned? = noiseBefore?.source { return .learned }
            return .assumed
        }
    }

    /// What this analysis has learned itself from the time before the release, for later ones; nil where that is nothing.
    ///
    /// - Parameter learnedAt: in milliseconds since 1970.
    package func learned(at learnedAt: Int64) -> KeptNoise? {
        guard kept == nil else { return nil }
        switch comparison {
        case .counts(let counts):
            guard case .learned(let learned) = counts.noise.source else { return nil }
            return KeptNoise(learned, units: counts.historyUnits, learnedAt: learnedAt)
        case .latency(let latency):
            return latency.noisiest.map { KeptNoise($0, units: latency.historyUnits, learnedAt: learnedAt) }
        case .gauge(let gauge): return gauge.noise.map { KeptNoise($0, learnedAt: learnedAt) }
        case .past: return nil
        }
    }

    /// Goes by the noise of an earlier analysis where it has learned none. Only before the first unit.
    mutating func use(_ kept: KeptNoise) {
        switch (comparison, kept.content) {
        case (.counts(var counts), .counts(let learned)):
            guard case .assumed = counts.noise.source else { return }
            counts.noise = CountNoise(.learned(learned), podVariance: counts.noise.podVariance)
            counts.historyUnits = kept.units
            comparison = .counts(counts)
        case (.latency(var latency), .counts(let learned)):
            guard latency.noisiest == nil else { return }
            latency.state?.use(learned)
            comparison = .latency(latency)
        case (.gauge(var gauge), .pairs(let pairs)):
            guard gauge.noise == nil else { return }
            gauge.noise = pairs
            comparison = .gauge(gauge)
        default: return
        }
        self.kept = kept
    }
}

extension LatencyComparison {
    /// At each scale that of the noisiest bound; nil unless all have learned theirs.
    var noisiest: LearnedNoise? {
        guard let tested = state?.tested, !tested.isEmpty, historyUnits > 0,
            let scales = tested.map(\.learned.count).min(), scales > 0
        else { return nil }
        return try? LearnedNoise(variances: (0..<scales).map { scale in tested.map { $0.learned[scale] }.max() ?? 0 })
    }
}
