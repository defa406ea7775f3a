import ArgumentParser
import Service

/// `assay plan-keys`: the plan format as documentation.
struct PlanKeysCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan-keys",
        abstract: "Prints every key of a plan as Markdown tables: key, value, default, meaning."
    )

    func run() {
        print(PlanReference.markdown)
    }
}
