/// The shop's metrics in the Prometheus text format 0.0.4.
///
/// Each running version has its own series: `track` picks a side, `version` names it. A removed version has none,
/// so that Prometheus marks its series stale at the next scrape, and a new one starts at 0.
enum ShopMetricsText {
    static let application = "shop"

    static func render(_ state: ShopState) -> String {
        var text = ""
        let running = [(ShopTrack.stable, state.stable)] + (state.canary.map { [(ShopTrack.canary, $0)] } ?? [])
        text += header("http_requests_total", "counter", "Requests served.")
        for (track, release) in running {
            for (labels, page) in pages(track, release) {
                for (code, count) in zip(ReleaseMetrics.codes, page.requests) {
                    text += "http_requests_total{\(labels),code=\"\(code)\"} \(count)\n"
                }
            }
        }
        text += header("http_request_duration_seconds", "histogram", "Time to serve a request.")
        for (track, release) in running {
            for (labels, page) in pages(track, release) {
                text += histogram(page, labels: labels)
            }
        }
        text += header("shop_traffic_weight", "gauge", "Percent of requests per track.")
        text += "shop_traffic_weight{app=\"\(application)\",track=\"stable\"} \(100 - state.canaryWeight)\n"
        text += "shop_traffic_weight{app=\"\(application)\",track=\"canary\"} \(state.canaryWeight)\n"
        text += header("shop_requests_in_flight", "gauge", "Requests being served.")
        text += "shop_requests_in_flight{app=\"\(application)\"} \(state.inFlight)\n"
        return text
    }

    private static func header(_ name: String, _ type: String, _ help: String) -> String {
        "# HELP \(name) \(help)\n# TYPE \(name) \(type)\n"
    }

    private static func pages(_ track: ShopTrack, _ release: ShopState.Running) -> [(String, ReleaseMetrics.Page)] {
        ShopHandler.allCases.map { handler in
            let labels =
                "app=\"\(application)\",track=\"\(track.rawValue)\",version=\"\(escaped(release.version))\""
                + ",handler=\"\(handler.rawValue)\""
            return (labels, release.metrics.pages[handler] ?? ReleaseMetrics.Page())
        }
    }

    private static func histogram(_ page: ReleaseMetrics.Page, labels: String) -> String {
        let name = "http_request_duration_seconds"
        var text = ""
        var cumulative = 0
        for (bound, count) in zip(ReleaseMetrics.bounds, page.buckets) {
            cumulative += count
            text += "\(name)_bucket{\(labels),le=\"\(bound)\"} \(cumulative)\n"
        }
        return text + "\(name)_bucket{\(labels),le=\"+Inf\"} \(page.count)\n\(name)_sum{\(labels)} \(page.seconds)\n"
            + "\(name)_count{\(labels)} \(page.count)\n"
    }

    private static func escaped(_ value: String) -> String {
        value.unicodeScalars.reduce(into: "") { text, scalar in
            switch scalar {
            case "\\": text += "\\\\"
            case "\"": text += "\\\""
            case "\n": text += "\\n"
            default: text.unicodeScalars.append(scalar)
            }
        }
    }
}
