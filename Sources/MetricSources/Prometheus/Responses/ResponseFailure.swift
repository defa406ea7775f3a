import HTTPTransport

/// Why a response body cannot be used.
enum ResponseFailure: Error, Equatable {
    case malformed(String)
    case webPage(WebPage)
    /// The series holds native histograms, which are no numbers.
    case histograms
    case tooManySeries(Int)
    case tooManyValues(Int)

    var code: PrometheusError.Code {
        switch self {
        case .malformed: .malformedResponse
        case .webPage: .notPrometheus
        case .histograms: .notNumbers
        case .tooManySeries: .tooManySeries
        case .tooManyValues: .tooManyPoints
        }
    }

    var message: String {
        switch self {
        case .malformed(let reason): "The answer is not the answer to a range query: \(reason)."
        case .webPage(let page):
            "The answer is a web page\(page.said), not Prometheus' API: is there a login in front?"
        case .histograms:
            "The query gives histograms, not numbers: use histogram_quantile, histogram_avg, histogram_count,"
                + " histogram_sum or histogram_fraction."
        case .tooManySeries(let limit): "The query returns more than \(limit) series; aggregate it."
        case .tooManyValues(let limit):
            "The query returns more than \(limit) values; aggregate it or use a longer step."
        }
    }
}

extension WebPage {
    fileprivate var said: String {
        if let title { return " titled \"\(title)\"" }
        return text.isEmpty ? "" : " that says \"\(text)\""
    }
}
