import Analysis
import Hummingbird
import Reports
import Store
import Text

/// All that the store keeps of an analysis of a past window, for its report.
struct PastReports: Sendable {
    let store: any Store

    func stored(_ id: String) async throws -> StoredPastAnalysis {
        guard SessionRoutes.mayBeID(id) else { throw Self.notFound(id) }
        let stored = try await StoreFailure.rendering(.reading) { try await store.pastAnalysis(id: id) }
        guard let stored else { throw Self.notFound(id) }
        return stored
    }

    func record(_ id: String, withSamples: Bool = true) async throws -> AnalysisRecord {
        let stored = try await stored(id)
        let samples = try await StoreFailure.rendering(.reading) {
            withSamples ? try await store.samples(ofPastAnalysis: id) : []
        }
        return Self.record(stored, samples)
    }

    static func record(_ stored: StoredPastAnalysis, _ samples: [SampleBlock] = []) -> AnalysisRecord {
        let past = stored.analysis
        return AnalysisRecord(
            session: past.session,
            verdicts: past.verdicts,
            transitions: past.transitions,
            samples: samples,
            adHoc: AdHocAnalysis(
                requestedAt: stored.requestedAt,
                finishedAt: stored.finishedAt,
                isBegun: stored.isBegun,
                window: past.window,
                controlWindow: past.controlWindow
            )
        )
    }

    static func notFound(_ id: String) -> HTTPError {
        HTTPError(.notFound, message: "there is no analysis of a past window \(id.excerpt())")
    }
}
