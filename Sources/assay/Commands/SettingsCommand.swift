import ArgumentParser

/// `assay settings`: the settings as documentation.
struct SettingsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "settings",
        abstract:
            "Prints every setting as Markdown tables: flag, variable, file key, default, meaning; then the options of each command."
    )

    func run() {
        print(SettingsReference.markdown)
    }
}
