extension HTTPResponse {
    /// How long the receiver asks to be left alone; nil where it does not say.
    package func retryAfter(atMost longest: Duration, unixSeconds: Int64) -> Duration? {
        headers["Retry-After"]
            .flatMap { RetryPolicy.seconds(retryAfter: $0, unixSeconds: unixSeconds) }
            .map { min(.seconds($0), longest) }
    }
}
