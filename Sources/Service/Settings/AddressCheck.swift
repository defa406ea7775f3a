import HTTPTransport

/// The one check of every URL that is given as a setting. What it says never shows what may be secret in the URL.
struct AddressCheck: Sendable {
    /// Where the parts of a URL that are not accepted in it stand among the settings.
    struct Places: Sendable {
        var parameters: String?
        var credentials: String?
    }

    /// Whether a query may stand in the URL: paths can only be added to one without.
    var takesQuery: Bool
    var places = Places()

    /// What is wrong with a text, to be read after the setting's name and a colon; nil when nothing is.
    func problem(_ text: String) -> String? {
        let shown = "\"\(Redaction.words(Redaction.url(text)))\""
        guard let scheme = ["http://", "https://"].first(where: { text.lowercased().hasPrefix($0) }) else {
            return "\(shown) is not an address that begins with http:// or https://"
        }
        guard text.unicodeScalars.allSatisfy({ $0.value > 0x20 && $0.value != 0x7F }) else {
            return "\(shown) holds a blank or a control character"
        }
        let rest = text.dropFirst(scheme.count)
        let authority = rest.prefix { !"/?#\\".contains($0) }
        if authority.contains("@") {
            let place = places.credentials.map { "; they stand in \($0)" } ?? ""
            return "\(shown) must not hold a user or a password\(place)"
        }
        if let problem = Self.hostProblem(authority) { return "\(shown) \(problem)" }
        if rest.contains("#") { return "\(shown) must not hold a fragment (#…)" }
        if !takesQuery, rest.contains("?") {
            let place = places.parameters.map { "; query parameters stand in \($0)" } ?? ""
            return "\(shown) must not hold a query (?…)\(place)"
        }
        return nil
    }

    /// What is wrong with a host, or a host and a port; nil when nothing is.
    static func hostProblem(_ authority: Substring) -> String? {
        var host = authority
        var port: Substring?
        if authority.hasPrefix("[") {
            guard let end = authority.firstIndex(of: "]") else { return "has no ] after its address" }
            host = authority[...end]
            let after = authority[authority.index(after: end)...]
            guard after.isEmpty || after.hasPrefix(":") else { return "has something between its address and its port" }
            port = after.isEmpty ? nil : after.dropFirst()
        } else if let colon = authority.firstIndex(of: ":") {
            host = authority[..<colon]
            port = authority[authority.index(after: colon)...]
        }
        guard !host.isEmpty, host != "[]" else { return "names no host" }
        guard let port else { return nil }
        guard port.utf8.allSatisfy({ (48...57).contains($0) }), let number = Int(port), (1...65_535).contains(number)
        else { return "has a port that is not a number between 1 and 65535" }
        return nil
    }
}

extension AddressCheck.Places {
    /// Those of each setting that has any.
    static let bySetting: [SettingKey: Self] = [
        .prometheusUrl: Self(
            parameters: "prometheus.parameters",
            credentials: "prometheus.username and prometheus.passwordFile, or prometheus.bearerTokenFile"
        ),
        .grafanaUrl: Self(credentials: "grafana.tokenFile"),
        .webhookUrl: Self(credentials: "webhook.bearerTokenFile"),
        .rolloutWebhookUrl: Self(credentials: "rollout.webhookTokenFile"),
        .kubernetesUrl: Self(credentials: "kubernetes.tokenFile"),
        .assayUrl: Self(credentials: "assay.tokenFile"),
    ]
}

extension Setting {
    /// The value is a name or an address of a host, or several.
    var isHost: Bool { [.webHost, .webProbesHost, .webHosts].contains(id) }

    /// What is wrong with a text for this setting; nil when nothing is.
    func problem(_ text: String) -> String? {
        if isHost, text.unicodeScalars.contains("@") { return "must not hold a user or a password" }
        guard kind == .address || kind == .endpoint else { return kind.problem(text) }
        let check = AddressCheck(takesQuery: kind == .endpoint, places: AddressCheck.Places.bySetting[id] ?? .init())
        return check.problem(text)
    }
}
