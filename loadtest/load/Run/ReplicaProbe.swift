import LoadRig

/// What the replicas' own metrics say, added up.
struct ReplicaProbe: Sendable {
    let replicas: [Replica]
    let rig: TestRig

    /// Deploy events in the inbox, and analyses that have been opened.
    func taken() async throws -> (accepted: Int, opened: Int) {
        let pages = try await pages()
        return (
            Int(pages.reduce(0) { $0 + $1.total("assay_deploy_events_total", where: #"outcome="accepted""#) }),
            Int(pages.reduce(0) { $0 + $1.total("assay_sessions_opened_total") })
        )
    }

    func looks() async throws -> Measurement.Looks {
        let pages = try await pages()
        func sum(_ metric: String, where label: String? = nil) -> Int {
            Int(pages.reduce(0) { $0 + $1.total(metric, where: label) })
        }
        return Measurement.Looks(
            taken: sum("assay_looks_total"),
            held: sum("assay_looks_total", where: #"outcome="held""#),
            missed: sum("assay_looks_missed_total"),
            shares: pages.map { Int($0.total("assay_looks_total")) },
            queriesNeeded: sum("assay_queries_needed_total"),
            queriesSent: sum("assay_queries_sent_total")
        )
    }

    private func pages() async throws -> [MetricsPage] {
        var pages: [MetricsPage] = []
        for replica in replicas {
            guard let url = replica.current?.url else { throw RunFailure("\(replica.name) does not run") }
            pages.append(MetricsPage(try await rig.get("\(url)/metrics")))
        }
        return pages
    }
}
