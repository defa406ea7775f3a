/// Every setting as Markdown tables: what `assay settings` prints first.
package enum SettingsReference {
    package static var markdown: String {
        sections.map { title, settings in "### \(title)\n\n\(table(settings))" }.joined(separator: "\n\n")
    }

    private static var sections: [(title: String, settings: [Setting])] {
        let all = SettingsCatalog.all
        return [
            ("Kafka: `serve`, `rollout`, `emit` and `wait`", all.filter { $0.readers.contains(.kafka) }),
            ("`emit`, `wait` and `rollout`", all.filter { $0.readers == [.pipeline, .rollout] }),
            ("`serve` and `rollout`", all.filter { $0.readers == [.serve, .rollout] }),
            ("`serve` and `migrate`", all.filter { $0.readers == [.serve, .migrate] }),
            ("`serve`", all.filter { $0.readers == [.serve] }),
            ("`rollout`", all.filter { $0.readers == [.rollout] }),
        ]
    }

    private static func table(_ settings: [Setting]) -> String {
        let head = ["| flag | variable | file key | default | meaning |", "| --- | --- | --- | --- | --- |"]
        return (head + settings.map(row)).joined(separator: "\n")
    }

    private static func row(_ setting: Setting) -> String {
        let standard = setting.defaultText.map { "`\($0)`" } ?? ""
        let meaning = setting.meaning.replacing("|", with: "\\|") + (setting.isSecret ? " Secret." : "")
        return "| `\(setting.flag)` | `\(setting.variable)` | `\(setting.key)` | \(standard) | \(meaning) |"
    }
}
