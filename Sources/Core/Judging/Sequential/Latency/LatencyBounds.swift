/// Which bounds of a histogram are tested: those with about 50, 10 and 1 % of the control's requests above.
package enum LatencyBounds {
    static let targets = [0.5, 0.1, 0.01]
    static let usableShares = 0.003...0.8

    /// Indices into the shares above each bound: for each target the nearest share on the log scale, of those from 0.3 to
    /// 80 %; of equally near ones the lower bound, and none twice.
    package static func chosen(sharesAbove shares: [Double]) -> [Int] {
        var chosen: [Int] = []
        for target in targets {
            var best: (distance: Double, index: Int)?
            for (index, share) in shares.enumerated() where usableShares.contains(share) {
                let distance = Elementary.log(share / target).magnitude
                if best.map({ distance < $0.distance }) ?? true { best = (distance, index) }
            }
            if let best, !chosen.contains(best.index) { chosen.append(best.index) }
        }
        return chosen
    }
}
