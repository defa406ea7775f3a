extension HTTPClient {
    /// What is the same for every request.
    package struct Configuration: Sendable {
        /// Where requests go through.
        package enum Proxy: Sendable, Equatable {
            /// As `http_proxy`, `https_proxy` and `no_proxy` say.
            case environment
            case none
            case url(String)
        }

        package var authentication: HTTPAuthentication = .none
        package var tls = TLSOptions()
        /// Sent with every request; a request's own header of the same name wins.
        package var headers: HTTPHeaders = ["User-Agent": "assay"]
        /// Sent with every request too, before its own.
        package var secretHeaders: SecretHeaders?
        package var retry = RetryPolicy()
        package var connectTimeout: Duration = .seconds(5)
        /// A transfer that moves less than a byte a second for this long has timed out.
        package var lowSpeedTime: Duration = .seconds(120)
        package var maximumConcurrentRequests = 64
        package var maximumConcurrentRequestsPerHost = 16
        /// Requests that may wait for a free slot; more are refused as `overloaded`.
        package var maximumWaitingRequests = 4096
        /// How long a request waits for a free slot before it is refused as `overloaded`. Its own time limit begins when it
        /// is sent, so that many requests at a time are slow and not failures.
        package var maximumWait: Duration = .seconds(60)
        /// Bytes of answers that are held at a time, by requests under way and by callers; nil for no bound. Beyond it
        /// requests wait, and one whose answer grows beyond it is sent again: only for requests that can be repeated.
        package var maximumAnswerBytesHeld: Int?
        package var proxy: Proxy = .environment

        package init() {}

        /// What must not be shown where the server, or a proxy before it, shows a request again.
        package var secrets: [String] { authentication.secrets + (secretHeaders?.values ?? []) }
    }
}
