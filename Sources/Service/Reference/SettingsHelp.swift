/// The settings of a command as help text.
package enum SettingsHelp {
    package static func text(for reader: Setting.Reader) -> String {
        let lines = SettingsCatalog.settings(for: reader).map { setting in
            let defaultText = setting.defaultText.map { " (default: \($0))" } ?? ""
            return "  \(setting.flag)\n      \(setting.meaning)\(defaultText)"
        }
        return "SETTINGS:\n" + lines.joined(separator: "\n")
    }
}
