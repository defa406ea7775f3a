import Analysis
package import Grafana
package import Notifications
package import Store
import StoredFormats

/// Marks releases in one Grafana: a region is opened with the analysis, changed by its interim results and closed with its
/// verdict; steps of the traffic and actions of controllers are points in it.
package struct AnnotationSink: SingleMessageSink {
    package let sink: OutboxSink
    private let grafana: GrafanaClient
    private let store: any Store
    private let place: GrafanaPlace

    /// - Parameter sink: whose messages it takes.
    package init(
        _ sink: OutboxSink = .annotations,
        grafana: GrafanaClient,
        store: any Store,
        place: GrafanaPlace = GrafanaPlace()
    ) {
        self.sink = sink
        self.grafana = grafana
        self.store = store
        self.place = place
    }

    /// Returns Grafana's number of the region; nil for a point.
    package func deliver(
        _ message: OutboxMessage,
        mayHaveArrived: Bool
    ) async throws(DeliveryFailure) -> String? {
        let form: AnnotationForm
        do throws(FormError) { form = try AnnotationForm(bytes: message.payload) } catch {
            // A process of another version may read it.
            throw DeliveryFailure(error.message, isTransient: true)
        }
        let region = try await region(of: form, key: message.key)
        do throws(GrafanaError) {
            switch (form.isPoint, form.stage) {
            case (true, _):
                try await point(form, isRepeat: mayHaveArrived)
                return nil
            case (false, .opened): return "\(try await open(form, isRepeat: mayHaveArrived))"
            case (false, .closed): return "\(try await change(form, region))"
            }
        } catch {
            throw DeliveryFailure(error.message, isTransient: error.isTransient, retryAfter: error.retryAfter)
        }
    }

    /// What Grafana calls the region that a message changes: the message of its session that was delivered last says it.
    private func region(of form: AnnotationForm, key: String) async throws(DeliveryFailure) -> Int64? {
        guard !form.isPoint, form.stage == .closed else { return nil }
        do throws(StoreError) {
            return try await store.lastReference(to: sink, key: key).flatMap { Int64($0) }
        } catch {
            // Without knowing the region a second one would be made, and the first would stay open for ever.
            throw DeliveryFailure("the annotation to change cannot be looked up: \(error)", isTransient: true)
        }
    }

    // MARK: - Regions

    /// Grafana keeps no idempotency key: what may be there already is looked for before it is made again.
    private func open(_ form: AnnotationForm, isRepeat: Bool) async throws(GrafanaError) -> Int64 {
        if isRepeat, let known = try await regions(of: form).first { return known }
        return try await create(form)
    }

    /// A region that is not known, or that a person has deleted, is looked for, and made only where there is none.
    private func change(_ form: AnnotationForm, _ region: Int64?) async throws(GrafanaError) -> Int64 {
        var id: Int64?
        if let region, try await update(region, form) { id = region }
        if id == nil, let found = try await regions(of: form).first(where: { $0 != region }),
            try await update(found, form)
        {
            id = found
        }
        let known = if let id { id } else { try await create(form) }
        if form.moment == nil { try await removeOthers(than: known, form) }
        return known
    }

    /// Whether the region is there.
    private func update(_ region: Int64, _ form: AnnotationForm) async throws(GrafanaError) -> Bool {
        let patch = AnnotationPatch(text: form.html, timeEnd: form.end?.milliseconds, tags: form.tags ?? [])
        do throws(GrafanaError) {
            try await grafana.update(region, patch)
            return true
        } catch {
            guard error.code == .notFound else { throw error }
            return false
        }
    }

    /// An attempt whose answer was lost may take effect after it was looked for: then there are two. With the verdict only one
    /// stays. A token that may not look or delete leaves both.
    private func removeOthers(than known: Int64, _ form: AnnotationForm) async throws(GrafanaError) {
        do throws(GrafanaError) {
            for other in try await regions(of: form) where other != known { try await grafana.delete(other) }
        } catch {
            guard error.code != .unavailable else { throw error }
        }
    }

    /// Version 0.1.0 does not say in the closing message when the release was deployed.
    private static let longestBeforeOpening: Int64 = 86_400_000
    private static let tolerance: Int64 = 1_000
    private static let maximumFound = 1_000

    /// The regions of the analysis, oldest first. All of them hold the instant at which they begin.
    private func regions(of form: AnnotationForm) async throws(GrafanaError) -> [Int64] {
        let before = form.form == nil ? Self.longestBeforeOpening : Self.tolerance
        return try await found(form, from: form.start.milliseconds - before).filter { annotation in
            annotation.tags?.contains { $0.hasPrefix("event:") } != true
        }.map(\.id).sorted()
    }

    // MARK: - Points

    private func point(_ form: AnnotationForm, isRepeat: Bool) async throws(GrafanaError) {
        if isRepeat {
            let html = form.html
            let all = try await found(form, from: form.start.milliseconds - Self.tolerance)
            guard !all.contains(where: { $0.time == form.start.milliseconds && $0.text == html }) else { return }
        }
        _ = try await create(form)
    }

    // MARK: - Grafana

    /// Annotations of the session around the time of the form. Another destination may mark the release elsewhere in the same
    /// Grafana.
    private func found(_ form: AnnotationForm, from start: Int64) async throws(GrafanaError) -> [StoredAnnotation] {
        try await grafana.find(
            tags: AnnotationForm.place(application: form.application, environment: form.environment),
            from: start,
            to: form.start.milliseconds + Self.tolerance,
            dashboardUID: place.dashboard,
            limit: Self.maximumFound
        ).filter { annotation in
            annotation.text?.contains(form.session) == true
                && annotation.isMade(for: place.dashboard, panel: place.panel)
        }
    }

    private func create(_ form: AnnotationForm) async throws(GrafanaError) -> Int64 {
        let annotation = Annotation(
            text: form.html,
            time: form.start.milliseconds,
            // Without an end it would be a point: the region grows when it is changed.
            timeEnd: form.isPoint ? nil : (form.end ?? form.start + .milliseconds(1)).milliseconds,
            tags: form.tags ?? [],
            dashboardUID: place.dashboard,
            panelId: place.panel
        )
        do throws(GrafanaError) { return try await grafana.create(annotation) } catch {
            // A dashboard that is not there yet can be made.
            guard error.code == .notFound else { throw error }
            throw GrafanaError(.unavailable, "\(error.message): is there the dashboard \(place.dashboard ?? "")?")
        }
    }
}
