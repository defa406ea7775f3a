/// Why the settings cannot be used, in one sentence.
struct SettingsError: Error, Sendable, Equatable, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}
