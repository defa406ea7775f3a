/// What texts of ours begin with in systems that send them back to us: it keeps us from taking them for news.
package enum OwnText {
    /// Descriptions of deployment statuses on GitHub, whose webhooks begin analyses.
    package static let gitHubStatus = "Assay: "
}
