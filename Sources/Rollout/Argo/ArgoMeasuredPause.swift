import Analysis
import Kubernetes

/// Whether a Rollout still is where a verdict was measured. A pure function of both.
///
/// A verdict belongs to the pause that its analysis began in. A Rollout that has been promoted since is at a later pause,
/// with other traffic, about which the verdict says nothing.
enum ArgoMeasuredPause {
    /// How far the clocks of the service and of the cluster may be apart.
    static let clockTolerance = Duration.seconds(30)

    /// Why a verdict must not promote the Rollout, in one sentence; nil when it may.
    static func obstacle(_ verdict: Verdict, _ rollout: ArgoRollout) -> String? {
        let place = place(rollout)
        if let measured = verdict.weight, let current = rollout.currentWeight {
            guard measured != Double(current) else { return nil }
            return "The verdict was measured at \(measured.shortest) % of the traffic, and the Rollout is at"
                + " \(current) %\(place)."
        }
        guard rollout.isPastAPause, let since = changed(rollout), verdict.openedAt + clockTolerance < since else {
            return nil
        }
        return "The Rollout was promoted at \(since), after the analysis began at \(verdict.openedAt):"
            + " the verdict was not measured\(place)."
    }

    /// Why a verdict must not abort the Rollout, in one sentence: it was promoted although the verdict was there.
    static func overruled(_ verdict: Verdict, _ rollout: ArgoRollout) -> String? {
        if let measured = verdict.weight, let current = rollout.currentWeight, measured == Double(current) {
            return nil
        }
        guard rollout.isPastAPause, let since = changed(rollout), verdict.decidedAt + clockTolerance < since else {
            return nil
        }
        return "The Rollout was promoted at \(since), after the verdict was decided at \(verdict.decidedAt)."
    }

    /// When its last pause began or ended.
    private static func changed(_ rollout: ArgoRollout) -> Timestamp? {
        (rollout.pausedSince ?? rollout.resumedAt).flatMap { Timestamp(rfc3339: $0) }
    }

    private static func place(_ rollout: ArgoRollout) -> String {
        rollout.currentStepIndex.map { " at step \(min($0 + 1, rollout.stepCount)) of \(rollout.stepCount)" } ?? ""
    }
}

extension Double {
    /// `20` rather than `20.0`.
    fileprivate var shortest: String { Int64(exactly: self).map { "\($0)" } ?? "\(self)" }
}
