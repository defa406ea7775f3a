package import EventFormats
package import HTTPTransport
import PlanFormats
import TextFiles

/// How messages of other systems are read, and what those of GitHub are signed with.
package struct HookSettings: Sendable {
    package var reader: HookReader
    /// Nil where GitHub's messages need a token, as all others do.
    package var githubSecret: Secret?

    package init(_ settings: Settings) throws {
        githubSecret = try settings.secret(.hooksGithubSecret)
        if let githubSecret { try BearerTokens.check(githubSecret.value, of: .hooksGithubSecret) }
        reader = HookReader()
        guard let path = settings.text(.hooksProfilesFile) else { return }
        do {
            let text = try TextFile.read(path, maximumBytes: 1 << 20)
            reader = HookReader(profiles: try HookProfiles.read(text, file: path))
        } catch {
            throw SettingsError("\(SettingKey.hooksProfilesFile.rawValue): \(error)")
        }
    }
}
