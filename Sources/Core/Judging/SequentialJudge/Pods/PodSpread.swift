/// By how much the rates of pods of one version differ.
struct PodSpread: Sendable, Equatable {
    /// The variance of the relative rate.
    var variance: Double
    /// It is an upper bound from the control's pods. Otherwise it is assumed, or larger where two pods show it.
    var isMeasured: Bool

    /// Fewer pods of the control show no spread.
    static let fewestPods = 3
    /// The bound holds for 99 of 100 sets of pods.
    private static let upper = 0.01
    private static let normalQuantile = 2.3263478740408408

    /// By how much the bound of the variance is larger than the estimate.
    static func allowance(degrees: Int) -> Double {
        let quantile = StudentQuantile.exceeded(with: upper, degrees: degrees) / normalQuantile
        return quantile * quantile
    }

    /// An upper bound: from few pods the estimate itself is 0 too often.
    ///
    /// Of `q * (v + c) - c`: what the rates vary by (v + c), what chance makes of it (c), and the squared ratio of Student's
    /// quantile to the normal one for so few pods (q).
    init(_ pods: [PodTallies.ControlPod], assumed: Double) {
        let known = pods.filter { $0.expected > 0 && $0.variance > 0 }
        var deviations = 0.0
        var chance = 0.0
        var variance = 0.0
        for pod in known {
            deviations += (pod.events - pod.expected) * (pod.events - pod.expected) / pod.expected
            chance += pod.variance / pod.expected
            variance += pod.variance
        }
        let count = PodTallies.effectiveCount(known.lazy.map(\.expected))
        // Sums of many parts end a little below whole numbers. Pods of different sizes are as good as fewer.
        let degrees = Int(max(0, min(chance, count - 0.5, 1_000)) + 0.1)
        guard degrees >= Self.fewestPods - 1 else {
            let seen = variance > 0 ? (deviations - chance) / variance : 0
            self.variance = min(max(assumed * assumed, seen), 1e30)
            isMeasured = false
            return
        }
        self.variance = min(max(0, (Self.allowance(degrees: degrees) * deviations - chance) / variance), 1e30)
        isMeasured = true
    }
}
