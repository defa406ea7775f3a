/// The page in the place of one that cannot be shown.
package enum ErrorPage {
    /// - Parameters:
    ///   - title: what has happened, in a few words.
    ///   - problem: why, as part of a sentence; it may hold text of the caller.
    package static func html(title: String, problem: String, version: String) -> String {
        let frame = PageFrame(
            title: title,
            crumbs: [],
            isLive: false,
            content: PageTemplates.render(View(title: title, sentence: sentence(problem)), "error"),
            version: version
        )
        return PageTemplates.render(frame, "page")
    }

    private static func sentence(_ problem: String) -> String {
        problem.prefix(1).uppercased() + problem.dropFirst() + (problem.hasSuffix(".") ? "" : ".")
    }

    /// What the template reads.
    private struct View {
        var title: String
        var sentence: String
    }
}
