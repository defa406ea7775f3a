import Testing

@testable import Service

@Suite struct BrokersCheckTests {
    private static let user = "must not hold a user or a password"
    private static let form = "is not of the form host:port"

    @Test(arguments: [
        "k:9092", "k", "k1:9092,k2:9092", " k1:9092 , k2:9092 ", "127.0.0.1:9092", "[::1]:9092", "[fe80::1]",
        "k_1.b-x:1",
        "PLAINTEXT://k:9092", "sasl_ssl://k1:9093,SASL_SSL://k2:9093",
    ])
    func addresses(text: String) {
        #expect(BrokersCheck.problem(text) == nil)
    }

    @Test(arguments: [
        ("u:pgs3cr3t@h:1", user), ("k:9092,u:pgs3cr3t@h:1", user), ("pgs3cr3t@h", user), ("u:a,pgs3cr3t@h:1", user),
        ("SASL_SSL://u:pgs3cr3t@h:1", user), ("u:pgs3cr3t@\u{301}h:1", user),
        ("u:pgs3cr3t", form), ("u:pgs3cr3t:h:1", form), ("k:9092,u:pgs3cr3t", "address 2 of 2 \(form)"),
        ("http://k:9092", form), ("k:9092/pgs3cr3t", form), ("k:", form), (":9092", form), ("k:0", form),
        ("k:65536", form), ("k 9092", form), ("k:9092;pgs3cr3t", form), ("::1", form), ("[::1", form),
        (",", "names no broker"),
    ])
    func whatIsNone(text: String, words: String) throws {
        let (_, problems) = SettingsLoader(.serve, arguments: ["--kafka-brokers", text], environment: [:]).read()
        let problem = try #require(problems.first)
        #expect(problems.count == 1)
        #expect(problem.hasPrefix("kafka.brokers: "))
        #expect(problem.contains(words), "\(problem)")
        #expect(!problem.contains("pgs3cr3t"))
    }

    @Test func aReportOfTheSettingsShowsNoPartOfAPassword() {
        let (settings, _) = SettingsLoader(
            .serve,
            arguments: ["--kafka-brokers", "u:pgs,3cr3t@h:1"],
            environment: [:]
        ).read()
        let shown = EffectiveSetting.all(settings, for: .serve).first { $0.key == "kafka.brokers" }
        #expect(shown?.shown == "<redacted>")
        #expect(shown?.isRedacted == true)
    }
}
