import Analysis
import Judging
import Text

extension AnalysisSession {
    private static let maximumName = 120
    private static let maximumSentence = 1_000

    /// What is known when an analysis begins: what is compared, by what, and of which part of the traffic.
    var startFacts: String {
        let facts = [
            comparison, "judge \(plan.judge)", event.weight.map { "\($0.readable) % of the traffic" },
            event.cluster.map { "cluster \($0.excerpt(Self.maximumName))" },
            event.namespace.map { "namespace \($0.excerpt(Self.maximumName))" },
        ]
        return facts.compactMap(\.self).joined(separator: ", ")
    }

    /// When the verdict is due at the latest, if nothing has to be waited for.
    var verdictDue: Timestamp { schedule.look(.max).due }

    private var comparison: String? {
        switch event.control ?? plan.scopes.control {
        case .before(let offset): return "compared with itself \(offset.compactText) before"
        case .labels:
            let labels = plan.scopes.labels(of: .control, for: event).sorted { $0.key < $1.key }
            guard !labels.isEmpty else { return nil }
            let named = labels.map { "\($0.key)=\($0.value)".excerpt(Self.maximumName) }
            return "compared with \(named.joined(separator: " "))".excerpt(Self.maximumSentence)
        case nil: return nil
        }
    }
}
