import Analysis
package import Grafana
package import Store
import StoredFormats

/// Marks releases in Grafana: a region is opened with the analysis and closed with its verdict.
package struct AnnotationSink: SingleMessageSink {
    package let sink = OutboxSink.annotations
    private let grafana: GrafanaClient
    private let store: any Store
    private let dashboardUID: String?

    package init(grafana: GrafanaClient, store: any Store, dashboardUID: String?) {
        self.grafana = grafana
        self.store = store
        self.dashboardUID = dashboardUID
    }

    package func deliver(
        _ message: OutboxMessage,
        mayHaveArrived: Bool
    ) async throws(DeliveryFailure) -> String? {
        let form: AnnotationForm
        do throws(FormError) { form = try AnnotationForm(bytes: message.payload) } catch {
            // A process of another version may read it.
            throw DeliveryFailure(error.message, isTransient: true)
        }
        let opened: Int64?
        do throws(StoreError) {
            opened = form.stage == .opened ? nil : try await reference(of: form)
        } catch {
            // Without knowing the region a second one would be made, and the first would stay open for ever.
            throw DeliveryFailure("the annotation to close cannot be looked up: \(error)", isTransient: true)
        }
        do throws(GrafanaError) {
            switch form.stage {
            case .opened: return "\(try await open(form, isRepeat: mayHaveArrived))"
            case .closed: return "\(try await close(form, opened, isRepeat: mayHaveArrived))"
            }
        } catch {
            throw DeliveryFailure(error.message, isTransient: error.isTransient)
        }
    }

    /// Grafana keeps no idempotency key: what may be there already is looked for before it is made again.
    private func open(_ marker: AnnotationForm, isRepeat: Bool) async throws(GrafanaError) -> Int64 {
        if isRepeat, let known = try await find(marker) { return known }
        return try await grafana.create(annotation(marker))
    }

    /// What Grafana calls the region that was opened; nil when none was.
    private func reference(of marker: AnnotationForm) async throws(StoreError) -> Int64? {
        try await store.reference(to: .annotations, id: marker.openedID).flatMap { Int64($0) }
    }

    private func close(
        _ marker: AnnotationForm,
        _ opened: Int64?,
        isRepeat: Bool
    ) async throws(GrafanaError) -> Int64 {
        var known = opened
        if known == nil, isRepeat { known = try await find(marker) }
        guard let known else { return try await grafana.create(annotation(marker)) }
        do throws(GrafanaError) {
            let patch = AnnotationPatch(text: marker.text, timeEnd: marker.end?.milliseconds, tags: marker.tags ?? [])
            try await grafana.update(known, patch)
            return known
        } catch {
            // It was deleted in Grafana: the release is marked anew.
            guard error.code == .notFound else { throw error }
            return try await grafana.create(annotation(marker))
        }
    }

    private func find(_ marker: AnnotationForm) async throws(GrafanaError) -> Int64? {
        let found = try await grafana.find(
            tags: ["assay", "app:\(marker.application)"],
            from: marker.start.milliseconds - 60_000,
            to: (marker.end ?? marker.start).milliseconds + 60_000
        )
        return found.first { $0.text?.contains(marker.session) ?? false }?.id
    }

    private func annotation(_ marker: AnnotationForm) -> Annotation {
        Annotation(
            text: marker.text,
            time: marker.start.milliseconds,
            // Without an end it would be a point: the region grows when it is closed.
            timeEnd: (marker.end ?? marker.start + .milliseconds(1)).milliseconds,
            tags: marker.tags ?? [],
            dashboardUID: dashboardUID
        )
    }
}
