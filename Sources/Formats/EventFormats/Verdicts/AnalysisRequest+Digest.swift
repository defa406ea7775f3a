package import Analysis
import Crypto
import Text

extension AnalysisRequest {
    /// `sha256:` and 64 hexadecimal digits, of the canonical text.
    package var digest: String {
        "sha256:\(SHA256.hash(data: Array(canonicalText.utf8)).hexadecimal)"
    }
}

extension Verdict {
    /// Why the verdict does not answer an event that was sent, in the words of what differs; nil when it does, and where
    /// a service of version 0.1.0 does not tell what was asked of it.
    ///
    /// An analysis goes by the event that opened it. That is another one than was sent where the release was announced
    /// by two, and where two have the same source and id.
    package func otherRequest(than sent: DeployEvent) -> String? {
        if let revision, let asked = sent.revision, revision != asked {
            return "it is about revision \(revision.excerpt()), not \(asked.excerpt())"
        }
        guard let requestDigest, requestDigest != AnalysisRequest(of: sent).digest else { return nil }
        guard deployEvent == sent.identity else {
            return "the analysis goes by the deploy event \(deployEvent.id.excerpt()) of"
                + " \(deployEvent.source.excerpt()), which asks for another plan or other labels"
        }
        return "the service knows another deploy event by this source and id, with another plan or other labels"
    }
}
