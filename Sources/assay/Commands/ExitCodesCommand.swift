import ArgumentParser

/// `assay exit-codes`: the exit codes as documentation.
struct ExitCodesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "exit-codes",
        abstract: "Prints the exit codes of every command as a Markdown table."
    )

    func run() {
        print(ExitCodeReference.markdown)
    }
}
