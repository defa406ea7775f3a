import ConfigFormats
import Foundation

/// A settings file: YAML (and so JSON), nested or with dotted keys.
enum SettingsFile {
    /// Throws ``SettingsError``, also for a file that is larger than settings can be.
    static func flattened(path: String) throws -> [String: String] {
        let limit = FlatYAML.limits.maximumBytes
        guard let handle = FileHandle(forReadingAtPath: path),
            let data = try? handle.read(upToCount: limit + 1) ?? Data()
        else { throw SettingsError("cannot read the settings file \(path)") }
        guard data.count <= limit else { throw SettingsError("\(path): has more than \(limit) bytes") }
        guard let text = String(validating: data, as: UTF8.self) else { throw SettingsError("\(path): is not UTF-8") }
        do throws(PlanFileErrors) {
            return try FlatYAML.values(of: text, file: path).mapValues(\.text)
        } catch {
            throw SettingsError(error.line)
        }
    }
}
