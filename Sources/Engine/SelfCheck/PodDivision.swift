package import Analysis
import Text

/// Pods of one version, divided into a part that stands for a new version and the others.
package struct PodDivision: Sendable, Equatable {
    package let experiment: [String]
    package let control: [String]

    /// Fewer cannot be divided: what one pod does would be all there is on both sides.
    package static let fewestPods = 3
    /// More are not asked for.
    package static let mostPods = 100

    /// Nil where there are too few pods. The same pods are divided in the same way at the same time, and in another at another.
    ///
    /// - Parameters:
    ///   - share: of the pods that stand for the new version; at least one pod, and one is left.
    ///   - time: the start of what is checked.
    package init?(_ pods: some Sequence<String>, share: Double, at time: Timestamp) {
        let drawn = Set(pods.filter { !$0.isEmpty })
            .map { (hash: FNV1a64.hash("\($0)\n\(time.milliseconds)".utf8), name: $0) }
            .sorted { ($0.hash, $0.name) < ($1.hash, $1.name) }
            .prefix(Self.mostPods)
            .map(\.name)
        guard drawn.count >= Self.fewestPods else { return nil }
        let wanted = (Double(drawn.count) * share).rounded()
        let count = wanted.isFinite ? min(max(1, Int(wanted)), drawn.count - 1) : 1
        experiment = drawn.prefix(count).sorted()
        control = drawn.dropFirst(count).sorted()
    }
}
