import PlanFormats
import TextFiles

/// A settings file: YAML (and so JSON), nested or with dotted keys.
package struct SettingsFile: Sendable {
    /// By key; empty texts are among them.
    package private(set) var values: [String: GivenValue] = [:]
    /// A sentence each.
    package private(set) var problems: [String] = []

    /// Throws when nothing of it can be read.
    package init(path: String) throws(SettingsError) {
        let limit = FlatYAML.limits.maximumBytes
        let text: String
        do throws(TextFileError) { text = try TextFile.read(path, maximumBytes: limit, acceptsPipes: true) } catch {
            throw SettingsError("the settings file \(error)")
        }
        do throws(PlanFileErrors) {
            values = try FlatYAML.values(of: text, file: path).mapValues { value in
                GivenValue(text: value.text, origin: .file(path: path, line: value.line))
            }
        } catch {
            throw SettingsError(error.errors.map(\.description)) ?? SettingsError(error.line)
        }
        check()
    }

    /// Every command's settings may be in the file; `kafka.` may be followed by properties of librdkafka.
    private mutating func check() {
        let known = SettingsCatalog.all.map(\.key)
        for (key, value) in values.sorted(by: { $0.key < $1.key }) where !key.hasPrefix("kafka.") {
            guard !known.contains(key) else { continue }
            let hint = Spelling.closest(to: key, among: known).map { " (did you mean \($0)?)" } ?? ""
            problems.append("\(value.origin): unknown setting \(key)\(hint)")
        }
    }
}
