import Analysis
import Logging

extension Verdict {
    /// The release and the verdict, as every line of the controller's log names them.
    func logged(_ more: Logger.Metadata) -> Logger.Metadata {
        var metadata: Logger.Metadata = [
            "application": "\(application)", "environment": "\(environment)", "version": "\(version)",
            "verdict": "\(id)",
        ]
        if let cluster { metadata["cluster"] = "\(cluster)" }
        if let namespace { metadata["namespace"] = "\(namespace)" }
        return metadata.merging(more) { $1 }
    }
}
