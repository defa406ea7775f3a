import Foundation
import Testing

@testable import Service

@Suite struct SettingTests {
    @Test(
        arguments: [
            (.webPort, "--web-port", "ASSAY_WEB_PORT", "WEB_PORT"),
            (.webPortFile, "--web-port-file", "ASSAY_WEB_PORT_FILE", "WEB_PORT_FILE"),
            (.roles, "--roles", "ASSAY_ROLES", "ROLES"),
            (.topicsDeadLetters, "--topics-dead-letters", "ASSAY_TOPICS_DEAD_LETTERS", "TOPICS_DEAD_LETTERS"),
            (.assayUrl, "--assay-url", "ASSAY_URL", nil),
            (.kafkaBrokers, "--kafka-brokers", "KAFKA_BROKERS", nil),
            (.databaseUrl, "--database-url", "DATABASE_URL", nil),
        ] as [(SettingKey, String, String, String?)]
    )
    func `one key is a flag and a variable`(key: SettingKey, flag: String, variable: String, former: String?) {
        let setting = Setting(key: key, meaning: "", readers: [.serve])
        #expect(setting.flag == flag)
        #expect(setting.variable == variable)
        #expect(setting.formerVariable == former)
    }

    @Test func `every variable begins with the program's name, or may be called so`() {
        for setting in SettingsCatalog.all {
            #expect(setting.variables.first?.hasPrefix("ASSAY_") == true, "\(setting.key)")
        }
    }

    @Test func `every key has a setting`() {
        #expect(Set(SettingsCatalog.all.map(\.id)) == Set(SettingKey.allCases))
    }

    @Test func `no two settings share a flag or a variable`() {
        #expect(Set(SettingsCatalog.all.map(\.flag)).count == SettingsCatalog.all.count)
        #expect(Set(SettingsCatalog.all.map(\.variable)).count == SettingsCatalog.all.count)
    }

    @Test func `no time is 0 where that has no meaning`() throws {
        let withMeaning: Set<SettingKey> = [
            .shutdownGrace, .shutdownDelay, .plansReload, .rolloutMaximumVerdictAge, .eventPlansMinimumLifetime,
        ]
        for setting in SettingsCatalog.all {
            guard case .time = setting.kind else { continue }
            let isRefused = setting.kind.problem("0s") != nil
            #expect(isRefused != withMeaning.contains(setting.id), "\(setting.key)")
        }
        let error = #expect(throws: SettingsError.self) {
            try SettingsLoader(.serve, arguments: ["--prometheus-timeout", "0s"], environment: [:]).load()
        }
        #expect(error?.description.contains("prometheus.timeout: must be 1ms or longer") == true, "\(error!)")
    }

    @Test func `self-checks are a minute apart at the least, or never made`() throws {
        let kind = try #require(SettingsCatalog.all.first { $0.id == .selfCheckEvery }).kind
        for text in ["0s", "1m", "60s", "6h"] { #expect(kind.problem(text) == nil, "\(text)") }
        for text in ["1ms", "59s", "59999ms"] {
            #expect(kind.problem(text) == "must be 1m or longer, or 0s for never", "\(text)")
        }
        #expect(kind.problem("often") != nil)
    }

    @Test func `every secret can be given by a file, or says so`() {
        let keys = Set(SettingsCatalog.all.map(\.key))
        let without = SettingsCatalog.all.filter { $0.isSecret && !keys.contains("\($0.key)File") }.map(\.key)
        #expect(without.isEmpty)
    }

    @Test func `the reference has each setting once`() {
        let markdown = SettingsReference.markdown
        for setting in SettingsCatalog.all {
            #expect(markdown.components(separatedBy: "| `\(setting.flag)` |").count == 2, "\(setting.key)")
        }
    }
}
