import ArgumentParser

/// How a command shows what it has found.
enum OutputForm: String, CaseIterable, ExpressibleByArgument {
    case table
    case json
    case markdown
}
