import HTTPTransport

/// Which method queries are sent with: POST, because queries outgrow URLs, unless the setting says otherwise or something
/// before the back end lets only GET through. Prometheus' own client falls back in the same way (`DoGetFallback` of
/// client_golang).
struct MethodChoice: Sendable {
    /// How long GET is used after it was found to be the way. Then POST is tried again: the proxy may have been mended.
    static let memory = Duration.seconds(600)
    /// A refused method, and what read-only proxies answer in its place.
    static let refusals: Set<Int> = [400, 403, 404, 405, 411, 415, 501]

    private let setting: PrometheusClient.Options.Method
    private var usesGetUntil: ContinuousClock.Instant?

    init(_ setting: PrometheusClient.Options.Method) {
        self.setting = setting
    }

    /// - Parameter fitsURL: whether the query fits into a URL.
    func first(at now: ContinuousClock.Instant, fitsURL: Bool) -> HTTPMethod {
        switch setting {
        case .get: .get
        case .post: .post
        case .auto: fitsURL && (usesGetUntil.map { now < $0 } ?? false) ? .get : .post
        }
    }

    /// The method to try after an answer with an error status; nil when there is none.
    func second(after first: HTTPMethod, status: Int) -> HTTPMethod? {
        guard setting == .auto, Self.refusals.contains(status) else { return nil }
        return first == .post ? .get : .post
    }

    /// The back end has answered the second method after it had refused the first.
    mutating func found(_ method: HTTPMethod, at now: ContinuousClock.Instant) {
        usesGetUntil = method == .get ? now.advanced(by: Self.memory) : nil
    }
}
