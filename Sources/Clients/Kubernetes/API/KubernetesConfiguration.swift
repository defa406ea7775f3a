package import HTTPTransport

/// Where the API server is and how to prove the identity of this process.
package struct KubernetesConfiguration: Sendable, Equatable {
    /// Scheme, host and port, and a path prefix if the server is behind one; no slash at the end.
    package let server: String
    /// A token in a file is read again for each request: the kubelet replaces it every hour or so.
    package let token: Secret?
    package let tls: TLSOptions
    private let proxy: HTTPClient.Configuration.Proxy

    /// A server given by its address.
    ///
    /// Throws ``KubernetesError`` `misconfigured` for what is not an http or https address, and for a token that
    /// would travel unencrypted to another machine.
    package init(server: String, token: Secret? = nil, tls: TLSOptions = TLSOptions()) throws(KubernetesError) {
        try self.init(server: server, token: token, tls: tls, proxy: .environment)
    }

    /// The server of the cluster that this process runs in, with the pod's service account.
    ///
    /// - Parameters:
    ///   - environment: the process's variables, of which `KUBERNETES_SERVICE_HOST` and `_PORT` are read.
    ///   - folder: where the service account's `token` and `ca.crt` are mounted.
    ///   - observer: told when the token's file cannot be read any more.
    package static func inCluster(
        environment: [String: String],
        folder: String = "/var/run/secrets/kubernetes.io/serviceaccount",
        observer: @escaping SecretObserver = { _ in }
    ) throws(KubernetesError) -> KubernetesConfiguration {
        guard let host = environment["KUBERNETES_SERVICE_HOST"], !host.isEmpty,
            let port = environment["KUBERNETES_SERVICE_PORT"].flatMap({ UInt16($0) }), port > 0
        else {
            throw KubernetesError(
                .misconfigured,
                "KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT are not set: this is not a pod in a cluster."
            )
        }
        let token: Secret
        do throws(SecretError) {
            token = try Secret(file: folder + "/token", observer: observer)
        } catch {
            throw KubernetesError(.misconfigured, error.description)
        }
        return try KubernetesConfiguration(
            server: "https://" + (host.contains(":") ? "[\(host)]" : host) + ":\(port)",
            token: token,
            tls: TLSOptions(caFile: folder + "/ca.crt"),
            // The API is always within reach of a pod; a proxy for the outside would not be.
            proxy: .none
        )
    }

    private init(
        server: String,
        token: Secret?,
        tls: TLSOptions,
        proxy: HTTPClient.Configuration.Proxy
    ) throws(KubernetesError) {
        let trimmed = String(server.reversed().drop { $0 == "/" }.reversed())
        guard let schemeEnd = trimmed.firstRange(of: "://"),
            ["http", "https"].contains(trimmed[..<schemeEnd.lowerBound]),
            Self.isAddress(trimmed[schemeEnd.upperBound...])
        else {
            throw KubernetesError(.misconfigured, "\(Redaction.url(server)) is not the address of a Kubernetes API.")
        }
        if token != nil, trimmed.hasPrefix("http://"), !Self.isLoopback(trimmed[schemeEnd.upperBound...]) {
            throw KubernetesError(.misconfigured, "The token would travel unencrypted to \(Redaction.url(server)).")
        }
        self.server = trimmed
        self.token = token
        self.tls = tls
        self.proxy = proxy
    }

    /// What an `HTTPClient` for this server is made with.
    package var clientConfiguration: HTTPClient.Configuration {
        var configuration = HTTPClient.Configuration()
        configuration.authentication = token.map { .bearer($0) } ?? .none
        configuration.tls = tls
        configuration.proxy = proxy
        return configuration
    }

    /// Host, port and path without user, query or fragment.
    private static func isAddress(_ rest: Substring) -> Bool {
        guard let first = rest.utf8.first, first != UInt8(ascii: "/"), first != UInt8(ascii: ":") else { return false }
        return rest.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"):
                true
            default: ".-_~:/[]".utf8.contains(byte)
            }
        }
    }

    private static func isLoopback(_ rest: Substring) -> Bool {
        let authority = rest.prefix { $0 != "/" }
        return ["127.0.0.1", "localhost", "[::1]"].contains { authority == $0 || authority.hasPrefix($0 + ":") }
    }
}
