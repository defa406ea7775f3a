extension AnalysisSession {
    /// What the event that opened the analysis asks for. Events that repeat the release do not change it.
    package var request: AnalysisRequest { AnalysisRequest(of: event) }

    /// The final verdict says so too, by a digest of it.
    package mutating func tell(requestDigest: String) {
        finalVerdict?.requestDigest = requestDigest
    }
}
