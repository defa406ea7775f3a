import ArgumentParser
import Service

/// `assay metrics`: the exported metrics as documentation.
struct MetricsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "metrics",
        abstract: "Prints every exported metric as Markdown tables: name, type, labels, meaning."
    )

    func run() {
        print(MetricsReference.markdown)
    }
}
