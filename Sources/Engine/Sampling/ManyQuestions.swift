/// Questions of one look, a bounded number of them under way at a time.
enum ManyQuestions {
    /// Queries of one look under way at a time. A look of many metrics takes its turn like the others.
    static let maximumUnderWay = 16

    /// The answers, in the order in which they came.
    static func ask<Question: Sendable, Answer: Sendable>(
        _ questions: [Question],
        _ answer: @escaping @Sendable (Question) async -> Answer
    ) async -> [Answer] {
        await withTaskGroup(of: Answer.self) { group in
            var rest = questions[...]
            var answers: [Answer] = []
            func askNext() {
                guard let question = rest.popFirst() else { return }
                group.addTask { await answer(question) }
            }
            for _ in 0..<maximumUnderWay { askNext() }
            while let answer = await group.next() {
                answers.append(answer)
                askNext()
            }
            return answers
        }
    }
}
