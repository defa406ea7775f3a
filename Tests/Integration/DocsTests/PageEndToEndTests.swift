import Testing

/// Pages that a newcomer follows from the first command to the last, with the services that they start.
@Suite(.serialized) struct PageEndToEndTests {
    @Test(.timeLimit(.minutes(5)), arguments: try MarkdownPage.all.filter(\.isRunInOrder), [true, false])
    func `pages are run in order`(page: MarkdownPage, isIsolated: Bool) async throws {
        try await TemporaryFolder.with { folder in
            let script = try PageScript(page, in: folder)
            let answers = try await script.run(isIsolated: isIsolated)
            for (step, answer) in zip(script.steps, answers) {
                let isReal = Transcript.matches(step.output, answer, digitsMayDiffer: true)
                #expect(isReal, "\(page.path): \(step.command)\nsays\n\(answer)")
            }
            #expect(answers.count == script.steps.count, "\(page.path) ended after \(answers.count) commands")
        }
    }
}
