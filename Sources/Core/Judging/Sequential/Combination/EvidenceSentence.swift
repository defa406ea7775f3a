import Glibc

/// Evidence in words that need no statistics.
package enum EvidenceSentence {
    /// Of how many healthy releases fewer than one would show evidence of this size: two digits, 10,000 at most; nil below 2.
    package static func releases(logEvidence: Double) -> Int? {
        guard logEvidence >= log(2.0) else { return nil }
        guard logEvidence < log(10_000.0) else { return 10_000 }
        let evidence = exp(logEvidence)
        let unit = pow(10, max(0, floor(log10(evidence)) - 1))
        // Rounded down: the sentence may claim less, not more.
        return Int((evidence / unit).rounded(.down) * unit)
    }
}
