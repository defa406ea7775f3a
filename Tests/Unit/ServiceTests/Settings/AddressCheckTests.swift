import Testing

@testable import Service

@Suite struct AddressCheckTests {
    private static func problem(_ text: String, _ key: SettingKey = .prometheusUrl) -> String? {
        SettingsCatalog.all.first { $0.id == key }?.problem(text)
    }

    private static let keys = SettingsCatalog.all.filter { [.address, .endpoint].contains($0.kind) }.map(\.id)

    @Test(arguments: [
        "http://p", "https://p.example/prometheus", "http://p:9090/", "HTTPS://p", "http://127.0.0.1:9090",
        "http://[::1]:9090/x",
        "http://[fe80::1]", "https://p/select/0/prometheus", "http://p/%20x",
    ])
    func addresses(text: String) {
        for key in Self.keys { #expect(Self.problem(text, key) == nil, "\(key)") }
    }

    @Test(arguments: [
        ("", "is not an address that begins with http:// or https://"),
        ("prometheus:9090", "is not an address that begins with http:// or https://"),
        ("ftp://p", "is not an address that begins with http:// or https://"),
        ("//p", "is not an address that begins with http:// or https://"), ("http://", "names no host"),
        ("http:///x", "names no host"), ("http://:9090", "names no host"),
        ("http://p:x", "has a port that is not a number"),
        ("http://p:", "has a port that is not a number"), ("http://p:65536", "has a port that is not a number"),
        ("http://p:0", "has a port that is not a number"), ("http://[::1", "has no ] after its address"),
        ("http://[::1]x", "has something between"), ("http://p /x", "holds a blank or a control character"),
        ("http://p/\n", "holds a blank or a control character"), ("http://p/#top", "must not hold a fragment"),
        ("http://u@p", "must not hold a user or a password"),
        ("http://u:hunter2@p", "must not hold a user or a password"),
    ])
    func whatIsNone(text: String, words: String) {
        for key in Self.keys {
            let problem = Self.problem(text, key)
            #expect(problem?.contains(words) == true, "\(key): \(problem ?? "accepted")")
            #expect(problem?.contains("hunter2") != true)
        }
    }

    @Test(arguments: [SettingKey.webHost, .webProbesHost, .webHosts])
    func aHostHasNoUser(key: SettingKey) throws {
        let flag = try #require(SettingsCatalog.byKey[key]).flag
        let (settings, problems) = SettingsLoader(.serve, arguments: [flag, "u:hunter2@h"], environment: [:]).read()
        #expect(problems == ["\(key.rawValue): must not hold a user or a password (\(flag))"])
        let shown = EffectiveSetting.all(settings, for: .serve).first { $0.key == key.rawValue }?.shown
        #expect(shown == "<redacted>")
        for text in ["127.0.0.1", "::", "assay.example"] { #expect(Self.problem(text, key) == nil) }
    }

    @Test func aQueryNamesTheSettingForIt() {
        #expect(
            Self.problem("http://p/x?dedup=hunter2")
                == "\"http://p/x\" must not hold a query (?…); query parameters stand in prometheus.parameters"
        )
        #expect(Self.problem("http://g?x=1", .grafanaUrl) == "\"http://g\" must not hold a query (?…)")
        for key in [SettingKey.webhookUrl, .rolloutWebhookUrl] {
            #expect(Self.problem("https://hooks.example/x?sig=1", key) == nil)
        }
    }

    @Test func credentialsNameTheSettingForThem() {
        #expect(
            Self.problem("http://u:p@h")?.hasSuffix("prometheus.passwordFile, or prometheus.bearerTokenFile") == true
        )
        #expect(Self.problem("http://u:p@h", .kubernetesUrl)?.hasSuffix("they stand in kubernetes.tokenFile") == true)
    }
}
