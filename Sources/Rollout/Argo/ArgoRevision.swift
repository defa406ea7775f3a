import Analysis
import Kubernetes

/// Whether a Rollout still rolls out what a verdict is about.
enum ArgoRevision: Sendable, Equatable {
    case same
    case other(String)
    /// There is nothing to compare.
    case unknown(String)
    /// What the verdict names does not tell one revision from another.
    case unusable(String)

    /// The verdict's revision may be a pod template hash or an image digest; without one, its image digest counts.
    ///
    /// A generation is none: Argo's own controller raises it while the same revision is rolled out.
    static func check(_ verdict: Verdict, _ rollout: ArgoRollout) -> ArgoRevision {
        guard let revision = verdict.revision ?? verdict.imageDigest else {
            return .unknown("The verdict names no revision, so nothing shows that the Rollout is still the one judged.")
        }
        if let digest = digest(revision) {
            guard !rollout.images.isEmpty else {
                return .unknown("The Rollout does not describe its pods itself, so its image cannot be compared.")
            }
            if rollout.images.contains(where: { $0.hasSuffix("@\(digest)") }) { return .same }
            return .other("The verdict is about the image \(digest), which the Rollout does not run any more.")
        }
        if revision == rollout.currentPodHash { return .same }
        if Int64(revision) != nil {
            return .unusable(
                "The verdict's revision \(revision) looks like a generation, which Argo Rollouts changes by itself;"
                    + " send the pod template hash (status.currentPodHash) or the image digest."
            )
        }
        return .other(
            "The verdict is about revision \(revision); the Rollout is now at \(rollout.currentPodHash ?? "none")."
        )
    }

    /// The digest in `sha256:…` or `name@sha256:…`; nil for another kind of revision.
    private static func digest(_ revision: String) -> Substring? {
        let digest = revision.split(separator: "@").last ?? ""
        return digest.hasPrefix("sha256:") ? digest : nil
    }
}
