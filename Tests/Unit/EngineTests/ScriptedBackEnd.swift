import Analysis
import Engine
import Synchronization

/// A metrics back end that answers from a function and remembers what it was asked.
final class ScriptedBackEnd: MetricsBackEnd {
    struct Question: Sendable, Equatable {
        var query: String
        var window: TimeWindow
    }

    typealias Answer = @Sendable (String, TimeWindow, Duration) throws(SamplingFailure) -> BackEndAnswer

    private let answer: Mutex<Answer>
    private let asked = Mutex<[Question]>([])

    init(_ answer: @escaping Answer) {
        self.answer = Mutex(answer)
    }

    var questions: [Question] { asked.withLock { $0 } }

    func replace(_ answer: @escaping Answer) {
        self.answer.withLock { $0 = answer }
    }

    func series(
        of query: String,
        in window: TimeWindow,
        step: Duration
    ) async throws(SamplingFailure) -> BackEndAnswer {
        asked.withLock { $0.append(Question(query: query, window: window)) }
        let answer = answer.withLock { $0 }
        return try answer(query, window, step)
    }

    /// One series whose value at each instant is `value(seconds since the epoch)`.
    static func column(_ window: TimeWindow, _ step: Duration, _ value: (Int64) -> Double) -> BackEndAnswer {
        let count = window.sampleCount(step: step)
        return BackEndAnswer(
            series: [
                (1...max(1, count)).map { index in
                    value((window.start + step * index).milliseconds / 1000)
                }
            ]
        )
    }

    /// Healthy control, experiment as told: told apart by the label in the query.
    static func sides(
        experiment: @escaping @Sendable (Int64) -> Double
    ) -> Answer {
        { query, window, step throws(SamplingFailure) in
            query.contains("canary")
                ? column(window, step, experiment) : column(window, step) { 10 + Double($0 % 7) }
        }
    }
}
