import Analysis
import Judging

/// What came back about the values of a label.
struct NewValueAnswers {
    private let new: [Side: IncrementAnswer]
    private let before: IncrementAnswer?

    init(_ answers: [IncrementAnswer]) {
        let asked = answers.filter { $0.question.part == .newValues }
        new = Dictionary(
            asked.filter { $0.window.purpose == .new }.map { ($0.question.side, $0) },
            uniquingKeysWith: { first, _ in first }
        )
        before = asked.first { $0.window.purpose == .history && $0.question.side == .control }
    }

    /// A back end that is out of reach is waited for, and an incomplete answer too.
    func tell(_ metric: inout MetricSamples) {
        for (side, answer) in new {
            switch answer.result {
            case .success(let answer): metric[side].isPartial = metric[side].isPartial || answer.isPartial
            case .failure(let failure):
                guard failure.holdCause != nil, metric[side].failure == nil else { continue }
                metric[side].failure = failure
            }
        }
    }

    /// Of the steps behind the leading ones; nil where a side could not be asked, so that nothing is known to be new.
    func sides(behind steps: Int) -> LabelledSides? {
        guard let control = new[.control]?.labelled, let experiment = new[.experiment]?.labelled else { return nil }
        return LabelledSides(control: control.dropFirst(steps), experiment: experiment.dropFirst(steps))
    }

    /// The control's values before the release; nil where they could not be asked for.
    func history() throws(SamplingFailure) -> LabelledEvents? {
        // A part of them would make others look new.
        guard let before, !before.isPartial else { return nil }
        if case .failure(let failure) = before.result, failure.holdCause != nil { throw failure }
        return before.labelled
    }
}

extension IncrementAnswer {
    fileprivate var labelled: LabelledEvents? {
        guard case .success(let answer) = result else { return nil }
        return MetricQuestions.labelled(question, answer)
    }
}
