import PlanFormats
import Text

/// A fenced block of a page. After the language may stand the name of the file that the block shows.
struct Snippet {
    var language: String
    var file: String?
    /// Where its fence opens.
    var line: Int
    var text: String

    /// Who makes sure that a block is true.
    enum Check: Equatable {
        /// Commands with their answers: they are run, and the answers compared.
        case console
        /// Commands: a shell must understand them, and Assay its own options.
        case shell
        /// A part of a file of the repository, which has its own tests.
        case excerpt(of: String)
        /// A file that commands of the page read.
        case readByCommands
        case plan
        case hookProfiles
        case tokens
        case notifications
        case dependencies
        case settings
        case event
        case json
        /// Statements for the tables in Postgres: they are run there.
        case sql
        /// Checked by `Tests/Integration/Deployment/docs`: Kubernetes objects, pipelines, rules, PromQL.
        case deployment
        /// Output, a drawing, a formula.
        case text
    }

    /// nil when nothing checks the block.
    func check(on page: MarkdownPage) -> Check? {
        if let file, MarkdownPage.root.contains(file) { return .excerpt(of: file) }
        if let file, page.uses(file) { return .readByCommands }
        switch language {
        case "console": return .console
        case "sh": return .shell
        case "json": return text.contains("\"specversion\"") ? .event : .json
        case "promql": return .deployment
        case "sql": return .sql
        case "text": return .text
        case "yaml":
            if hasKey("apiVersion", "assay.dev/") {
                if hasKey("kind", HookProfiles.kind) { return .hookProfiles }
                if hasKey("kind", AccessTokenFile.kind) { return .tokens }
                if hasKey("kind", DependencyFile.kind) { return .dependencies }
                return hasKey("kind", NotificationFiles.kind) ? .notifications : .plan
            }
            let isSettings = file.map { $0 == "settings.yaml" || $0.hasSuffix("/settings.yaml") }
            let isForeign = ["apiVersion", "groups", "scrape_configs", "rule_files"].contains { hasKey($0) }
            return isSettings ?? !isForeign ? .settings : .deployment
        default: return nil
        }
    }

    /// Whether a line at the margin begins with the key, and its value with the prefix.
    private func hasKey(_ key: String, _ prefix: String = "") -> Bool {
        text.split(separator: "\n").contains { line in
            line.hasPrefix("\(key):") && line.dropFirst(key.count + 1).drop { $0 == " " }.hasPrefix(prefix)
        }
    }
}
