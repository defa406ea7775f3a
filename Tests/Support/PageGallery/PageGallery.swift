import Analysis
import EventFormats
import Foundation
import Judging
import Store

/// Fills a store with an analysis in each state, for pages to be looked at: `page-gallery store.db`.
///
/// `page-gallery store.db --change ID` takes one more look of a running one, as another process would.
@main struct PageGallery {
    static func main() async throws {
        let arguments = Array(CommandLine.arguments.dropFirst())
        guard let path = arguments.first else { throw Failure(reason: "usage: page-gallery STORE [--change ID]") }
        let store = try SQLiteStore(path: path, takesOver: false)
        if arguments.count == 3, arguments[1] == "--change" {
            try await change(arguments[2], in: store)
        } else {
            try await fill(store)
        }
        await store.close()
    }

    struct Failure: Error {
        var reason: String
    }

    private static func fill(_ store: SQLiteStore) async throws {
        // Young enough that no process deletes it.
        let start = SystemTime.now - .seconds(3600 * (GalleryState.allCases.count + 1))
        for (number, state) in GalleryState.allCases.enumerated() {
            try await add(
                GalleryAnalysis(
                    state: state,
                    id: state.rawValue,
                    application: state == .hostile ? GalleryNames.hostile : "checkout",
                    version: state == .hostile ? GalleryNames.hostile : "2.4.\(number)",
                    metrics: metrics(of: state),
                    start: start + .seconds(3600 * number)
                ),
                to: store
            )
        }
        // What an application page tells needs more than a few releases.
        for number in 0..<60 {
            let states: [GalleryState] = [.passed, .passed, .failed, .passed, .superseded, .inconclusive, .passed]
            try await add(
                GalleryAnalysis(
                    state: states[number % states.count],
                    id: "release-\(number)",
                    application: ["checkout", "Zahlungsabwicklungsdienst", "決済処理サービス"][number % 3],
                    version: "1.\(number).0",
                    metrics: GalleryNames.metrics,
                    start: start - .seconds(7200 * (number + 1))
                ),
                to: store
            )
        }
    }

    private static func metrics(of state: GalleryState) -> [String] {
        switch state {
        case .many: (0..<500).map { "queue_depth_of_the_checkout_service_\($0)" }
        case .hostile: [GalleryNames.hostile] + GalleryNames.long
        case .marginal: GalleryNames.metrics + GalleryNames.long
        default: GalleryNames.metrics
        }
    }

    private static func add(_ analysis: GalleryAnalysis, to store: SQLiteStore) async throws {
        try await store.commit(analysis.change)
        guard let action = analysis.action else { return }
        let event = RolloutEvent.encode(action, source: "/assay/rollout/gallery")
        let stored = StoredAction(
            id: action.id,
            source: event.source,
            session: action.session,
            outcome: action.outcome.rawValue,
            at: action.at,
            event: CloudEventHTTPBinding.structured(event).body
        )
        _ = try await store.add(stored)
    }

    private static func change(_ id: String, in store: SQLiteStore) async throws {
        guard let stored = try await store.session(id: id) else { throw Failure(reason: "there is no session \(id)") }
        var change = StoreChange()
        change.written = [stored]
        change.transitions = [
            SessionTransition(
                session: id,
                at: SystemTime.now,
                replica: "page-gallery",
                cause: .looked,
                from: .sampling,
                to: .sampling,
                look: stored.session.lastLook + 1,
                reason: "one more look",
                result: .inconclusive
            )
        ]
        try await store.commit(change)
    }

    private enum SystemTime {
        static var now: Timestamp { Timestamp(milliseconds: Int64(Date().timeIntervalSince1970 * 1000)) }
    }
}
