import Foundation
import Testing

@testable import Service

@Suite struct SettingTests {
    @Test(arguments: [
        ("web.port", "--web-port", "WEB_PORT"),
        ("web.portFile", "--web-port-file", "WEB_PORT_FILE"),
        ("roles", "--roles", "ROLES"),
        ("topics.deadLetters", "--topics-dead-letters", "TOPICS_DEAD_LETTERS"),
    ])
    func `one key is a flag and a variable`(key: String, flag: String, variable: String) {
        let setting = Setting(key: key, meaning: "", readers: [.serve])
        #expect(setting.flag == flag)
        #expect(setting.variable == variable)
    }

    @Test func `no two settings share a flag or a variable`() {
        #expect(Set(SettingsCatalog.all.map(\.flag)).count == SettingsCatalog.all.count)
        #expect(Set(SettingsCatalog.all.map(\.variable)).count == SettingsCatalog.all.count)
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
