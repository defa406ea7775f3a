import Analysis
import PlanFormats
import Synchronization

/// What is known to surprise in the plans that are being judged by: found once for a plan, not at every look.
final class PlanWarningCache: Sendable {
    private struct Entry {
        var plan: AnalysisPlan
        var warnings: [String]
    }

    private static let maximumPlans = 32

    /// The plan that was asked for last comes first.
    private let entries = Mutex<[Entry]>([])

    func warnings(of plan: AnalysisPlan) -> [String] {
        let known = entries.withLock { entries -> [String]? in
            guard let index = entries.firstIndex(where: { $0.plan == plan }) else { return nil }
            let entry = entries.remove(at: index)
            entries.insert(entry, at: 0)
            return entry.warnings
        }
        if let known { return known }
        let warnings = PlanWarnings.ofVerdict(plan)
        entries.withLock { entries in
            entries.insert(Entry(plan: plan, warnings: warnings), at: 0)
            if entries.count > Self.maximumPlans { entries.removeLast() }
        }
        return warnings
    }
}
