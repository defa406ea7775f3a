/// What is the same for every request of one client.
struct TransferSettings: Sendable {
    var tls: TLSOptions
    var connectTimeout: Duration
    var lowSpeedTime: Duration
    var proxy: HTTPClient.Configuration.Proxy
}
