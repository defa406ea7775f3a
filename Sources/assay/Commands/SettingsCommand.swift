import ArgumentParser
import Service

/// `assay settings`: the settings as documentation.
struct SettingsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "settings",
        abstract:
            "Prints every setting as Markdown tables: flag, variable, file key, default, meaning; then the options of each command."
    )

    /// What the documentation shows.
    static var markdown: String { SettingsReference.markdown + "\n\n" + OptionsReference.markdown }

    func run() {
        print(Self.markdown)
    }
}
