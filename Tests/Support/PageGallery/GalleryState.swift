import Analysis
import Judging

/// What the page of an analysis can show at a glance.
enum GalleryState: String, CaseIterable {
    case passed
    case failed
    case marginal
    case inconclusive
    case noData = "no-data"
    case outage
    case superseded
    case running
    /// As many metrics as a plan may have, of which some fail.
    case many
    /// Names that are no plain text.
    case hostile

    var result: JudgementResult? {
        switch self {
        case .passed: .pass
        case .failed, .many, .hostile: .fail
        case .marginal: .marginal
        case .inconclusive, .noData, .superseded: .inconclusive
        case .outage, .running: nil
        }
    }

    var status: VerdictStatus { self == .superseded ? .cancelled : .completed }

    var cause: UndecidedCause? {
        switch self {
        case .inconclusive: .judge
        case .noData: .noData
        case .superseded: .superseded
        default: nil
        }
    }

    /// The last look that was taken, of 15.
    var look: Int {
        switch self {
        case .passed: 9
        case .failed, .many, .hostile: 3
        case .marginal, .inconclusive, .noData: 15
        case .outage: 4
        case .superseded: 6
        case .running: 7
        }
    }

    var reason: String {
        switch self {
        case .passed: "All 5 metrics pass: harm of the margin or more is ruled out for each that decides."
        case .failed: "errors are 1.92 to 3.1 times those of stable, limit 1.2."
        case .marginal: "latency p95 and saturation are marginal: 1.22 and 1.15 times those of stable."
        case .inconclusive: "Neither harm nor its absence is shown: latency p95 needs about 40 more minutes of traffic."
        case .noData: "errors of the experiment have no samples: no release can be judged without them."
        case .outage: "Prometheus does not answer: HTTP 503 Service Unavailable, for 4 min."
        case .superseded: "Version 2.4.7 was deployed to the same place."
        case .running: "errors look no worse so far; latency p95 is not settled."
        case .many: "8 of 500 metrics are too high, first queue_depth_of_the_checkout_service_0."
        case .hostile: GalleryNames.hostile
        }
    }

    var nextStep: String {
        switch self {
        case .passed: "Promote the release."
        case .failed, .many: "The release was rolled back: look at the errors of the new version."
        case .hostile: GalleryNames.hostile
        case .marginal: "A person decides: promote or roll back."
        case .inconclusive: "A person decides, or the next release has more traffic."
        case .noData: "Look whether the new version reports its metrics: the query has no series of it."
        case .outage: "Look at Prometheus: the analysis goes on by itself when it answers."
        case .superseded: "Nothing: the newer version is judged."
        case .running: "Look 8 of 15, two minutes after look 7."
        }
    }

    /// How many times as much the new version has, by metric.
    func ratio(_ metric: Int) -> Double {
        switch self {
        case .failed, .hostile: [2.4, 1.31, 1.02, 0.97, 1.0][metric % 5]
        case .many: metric % 71 == 0 ? 2.2 : 1 + Double(metric % 9) / 100
        case .marginal: [1.05, 1.22, 1.15, 1.0, 0.98][metric % 5]
        default: [0.98, 1.08, 1.01, 0.99, 1.0][metric % 5]
        }
    }

    func classification(_ metric: Int) -> MetricClassification {
        switch self {
        case .passed, .superseded: .pass
        case .failed, .hostile: metric == 0 ? .high : metric == 1 ? .undecided : .pass
        case .many: metric % 71 == 0 ? .high : .pass
        case .marginal: metric == 1 || metric == 2 ? .marginal : .pass
        case .inconclusive: metric == 1 ? .undecided : .pass
        case .noData: metric == 0 ? .nodata : .pass
        case .outage, .running: .undecided
        }
    }
}

enum GalleryNames {
    static let hostile =
        "\"><script>document.title='taken'</script><img src=x onerror=\"document.title='taken'\">{{{x}}}</table></main>"
        + "'&amp; javascript:alert(1) \u{202E}"
    static let metrics = ["errors", "latency p95", "saturation", "checkout conversions", "restarts"]
    /// What must fit: long words of German, Japanese without blanks, and a name of 200 characters.
    static let long = [
        "Zahlungsabwicklungsdienstleistungsfehlerquote je Sekunde", "決済処理サービスのエラー率（本番環境・毎秒・全リージョン合計）",
        "http_server_requests_seconds_" + String(repeating: "of_the_payment_service_", count: 7) + "bucket_p99",
    ]
}
