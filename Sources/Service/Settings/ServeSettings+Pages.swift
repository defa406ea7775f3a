import ReportPages

extension ServeSettings {
    /// Where people find the page of a session: the same for events, notifications and dashboards. Nil without an address.
    package var pageURL: @Sendable (String) -> String? {
        let publicURL = publicURL
        return { session in publicURL.map { $0 + ReportPage.address(ofSession: session) } }
    }
}
