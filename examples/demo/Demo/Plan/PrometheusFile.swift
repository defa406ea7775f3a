import Analysis

/// The configuration of the demo's Prometheus.
struct PrometheusFile: Sendable {
    var scrapeInterval: Duration
    var shopPort: Int
    /// The metrics of `assay serve` itself, less often: nothing is judged by them.
    var assayPort: Int

    var yaml: String {
        let interval = scrapeInterval.compactText
        return """
            global:
              scrape_interval: \(interval)
              scrape_timeout: \(interval)
              evaluation_interval: 1m
            scrape_configs:
              - job_name: shop
                static_configs:
                  - targets: ["127.0.0.1:\(shopPort)"]
              - job_name: assay
                scrape_interval: 5s
                scrape_timeout: 5s
                static_configs:
                  - targets: ["127.0.0.1:\(assayPort)"]

            """
    }

    static func arguments(configuration: String, storage: String, port: Int) -> [String] {
        [
            "--config.file=\(configuration)", "--storage.tsdb.path=\(storage)",
            "--web.listen-address=127.0.0.1:\(port)", "--log.level=warn",
        ]
    }
}
