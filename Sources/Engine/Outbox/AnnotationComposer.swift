import Analysis
import Notifications
import Store
import StoredFormats

/// Turns the life of an analysis into messages for those who mark releases: the Grafana of the settings, and destinations
/// with routes of their own.
struct AnnotationComposer: Sendable {
    private let isOpenToAll: Bool
    private let destinations: [NotificationDestination]
    private let pageURL: @Sendable (String) -> String?

    init(
        sinks: Set<OutboxSink>,
        destinations: [NotificationDestination],
        pageURL: @escaping @Sendable (String) -> String?
    ) {
        isOpenToAll = sinks.contains(.annotations)
        self.destinations = destinations.filter(\.receiver.marksReleases)
        self.pageURL = pageURL
    }

    var isEmpty: Bool { !isOpenToAll && destinations.isEmpty }

    /// Each has the region of a release that it is told of, whatever becomes of the others.
    private func sinks(for release: ReleaseIdentity) -> [OutboxSink] {
        (isOpenToAll ? [.annotations] : [])
            + destinations.filter { $0.marks(release) }.map { .notification($0.name) }
    }

    /// A region begins with the analysis.
    func opened(_ session: AnalysisSession, at now: Timestamp) throws(FormError) -> [OutboxMessage] {
        let sinks = sinks(for: session.event.release)
        guard !sinks.isEmpty else { return [] }
        let form = AnnotationForm.opening(session, link: pageURL(session.id))
        return try messages(form, id: form.openedID, key: session.id, to: sinks, at: now)
    }

    /// A point where a deploy event says which part of the traffic the new version gets: it opens an analysis, or completes
    /// one under way.
    ///
    /// - Parameter before: the analyses that the event changed or ended, as they were.
    func stepped(
        _ session: AnalysisSession,
        from before: [AnalysisSession],
        at now: Timestamp
    ) throws(FormError) -> [OutboxMessage] {
        guard let weight = session.event.weight else { return [] }
        let sinks = sinks(for: session.event.release)
        guard !sinks.isEmpty else { return [] }
        let same = before.first { $0.id == session.id }
        guard weight != same?.event.weight else { return [] }
        let step = before.first {
            $0.id != session.id && $0.event.release == session.event.release
                && $0.event.version == session.event.version
        }
        let form = AnnotationForm.step(
            session,
            to: weight,
            from: step?.event.weight,
            at: same == nil ? session.deployedAt : now,
            link: pageURL(session.id)
        )
        let id = "\(session.id)/step/\(weight)"
        return try messages(form, id: id, key: Self.points(of: session.id), to: sinks, at: now)
    }

    /// The region changes with each look, ends with the final verdict, and says who decided otherwise.
    ///
    /// - Parameter session: the analysis, where it is at hand.
    func decided(_ verdict: Verdict, in session: AnalysisSession?) throws(FormError) -> [OutboxMessage] {
        let sinks = sinks(for: verdict.release)
        guard !sinks.isEmpty else { return [] }
        let link = pageURL(verdict.session)
        if verdict.kind == .final {
            let form = AnnotationForm.closing(verdict, deployedAt: session?.deployedAt, link: link)
            // A message is sent once: one that changes a closed region has an id of its own.
            let id = verdict.isFurther ? verdict.id : form.closedID
            return try messages(form, id: id, key: verdict.session, to: sinks, at: verdict.decidedAt)
        }
        guard verdict.kind == .interim, let session else { return [] }
        let form = AnnotationForm.interim(verdict, deployedAt: session.deployedAt, link: link)
        return try messages(form, id: verdict.id, key: verdict.session, to: sinks, at: verdict.decidedAt)
    }

    /// A point where a controller acted; of attempts that fail in the same way one.
    func performed(
        _ action: RolloutAction,
        by source: String,
        on session: AnalysisSession,
        at now: Timestamp
    ) throws(FormError) -> [OutboxMessage] {
        let sinks = sinks(for: session.event.release)
        guard !sinks.isEmpty, let form = AnnotationForm.action(action, about: session.event, link: pageURL(session.id))
        else { return [] }
        let id = "\(source)/\(action.id)/\(action.outcome.rawValue)"
        return try messages(form, id: id, key: Self.points(of: session.id), to: sinks, at: now)
    }

    /// Points wait for no region. And what Grafana calls a point is never taken for the region, also where version 0.1.0
    /// made it.
    private static func points(of session: String) -> String { "\(session)/points" }

    private func messages(
        _ form: AnnotationForm,
        id: String,
        key: String,
        to sinks: [OutboxSink],
        at now: Timestamp
    ) throws(FormError) -> [OutboxMessage] {
        let payload = try form.bytes()
        return sinks.map { OutboxMessage(sink: $0, id: id, key: key, payload: payload, createdAt: now) }
    }
}
