import Analysis
import JSON
import Reports
import StoredFormats
import Text

/// One comment of the pull request that the release's commit came with, for each place: found again by a mark that readers
/// do not see, and rewritten. And a label, where one is wanted. A commit that came with none is told nowhere.
struct GitHubPullRequest: NotificationExchange {
    private enum Step: Sendable {
        case pullRequests
        case comments(page: Int)
        case comment(page: Int)
        case labels
        case label
        case obsolete([String])
        case done
    }

    private static let commentsOfPage = 50
    private static let maximumPages = 10

    private let repository: String
    private let commit: String
    private let mark: String
    private let body: String
    private let label: (prefix: String, name: String)?
    private var step = Step.pullRequests
    private var number: Int64 = 0

    init?(_ notification: NotificationForm, repository: String, label: String?) {
        guard let commit = GitHubCommit.of(notification) else { return nil }
        self.repository = repository
        self.commit = commit
        // A name could end the mark, or be that of another place.
        mark = "<!-- assay \(String(FNV1a.hash(notification.release.keyText.utf8), radix: 16)) -->"
        body = ([mark] + Self.lines(notification)).joined(separator: "\n")
        self.label = label.map { ("\($0): ", "\($0): \(notification.result)") }
    }

    private static func lines(_ notification: NotificationForm) -> [String] {
        var lines = ["### \(escaped(notification.title))", "", escaped(notification.reason), ""]
        if !notification.metrics.isEmpty {
            lines += ["| metric | result | control | experiment | ratio |", "| --- | --- | ---: | ---: | ---: |"]
            lines += notification.metrics.map { metric in
                let cells = [metric.name, metric.result, metric.control, metric.experiment, metric.ratio]
                return "| \(cells.map(escaped).joined(separator: " | ")) |"
            }
            if notification.furtherMetrics > 0 { lines += ["", "and \(notification.furtherMetrics) more metrics"] }
            lines.append("")
        }
        lines.append("Next: \(escaped(notification.next))")
        if let link = notification.link { lines += ["", "[Report](<\(link.replacing(">", with: "%3E"))>)"] }
        return lines
    }

    /// No markup, and no mention: a word joiner keeps `@team` from calling it.
    private static func escaped(_ text: String) -> String {
        text.markdownText.replacing("@", with: "@\u{2060}").replacing("&", with: "&amp;")
    }

    mutating func next(
        after answer: NotificationAnswer?
    ) throws(NotificationExchangeError) -> NotificationRequest? {
        switch step {
        case .pullRequests:
            step = .comments(page: 1)
            return .gitHub(.get, "/repos/\(repository)/commits/\(commit)/pulls?per_page=1", tolerating: [404, 422])
        case .comments(let page):
            if page == 1 {
                // GitHub does not know the commit.
                guard let answer, answer.status < 300, let found = try answer.elements().first?["number"]?.integer
                else {
                    return nil
                }
                number = found
            }
            step = .comment(page: page)
            let query = "per_page=\(Self.commentsOfPage)&page=\(page)"
            return .gitHub(.get, "\(issue)/comments?\(query)")
        case .comment(let page):
            let comments = try answer.elements()
            if comments.count >= Self.commentsOfPage, page < Self.maximumPages, !comments.contains(where: isOurs) {
                step = .comments(page: page + 1)
                return try next(after: nil)
            }
            step = .labels
            let text: JSONObject = ["body": .string(body)]
            guard let id = comments.first(where: isOurs)?["id"]?.integer else {
                return .gitHub(.post, "\(issue)/comments", text)
            }
            return .gitHub(.patch, "/repos/\(repository)/issues/comments/\(id)", text)
        case .labels:
            guard label != nil else { return nil }
            step = .label
            return .gitHub(.get, "\(issue)/labels?per_page=100")
        case .label:
            guard let label else { return nil }
            let names = try answer.elements().compactMap { $0["name"]?.text }
            step = .obsolete(names.filter { $0.hasPrefix(label.prefix) && $0 != label.name })
            guard !names.contains(label.name) else { return try next(after: nil) }
            return .gitHub(.post, "\(issue)/labels", ["labels": .array([.string(label.name)])])
        case .obsolete(let names):
            guard let name = names.last else {
                step = .done
                return nil
            }
            step = .obsolete(names.dropLast())
            return .gitHub(.delete, "\(issue)/labels/\(name.percentEncoded)", tolerating: [404])
        case .done: return nil
        }
    }

    private var issue: String { "/repos/\(repository)/issues/\(number)" }

    /// It begins with the mark: who quotes it does not.
    private func isOurs(_ comment: JSONObject) -> Bool { comment["body"]?.text?.hasPrefix(mark) ?? false }
}
