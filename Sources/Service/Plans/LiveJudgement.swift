import Analysis
import Judging
import Prometheus

/// What a judge could make of the answers to a question, in a few words, and whether that is enough.
struct LiveJudgement {
    typealias Answer = (words: String, isGood: Bool)

    private let question: LiveQuestion
    private let plan: AnalysisPlan

    init(_ question: LiveQuestion, _ plan: AnalysisPlan) {
        self.question = question
        self.plan = plan
    }

    /// Of one side.
    func answer(to found: LiveSeries) -> Answer {
        if let incomplete = found.incomplete {
            return ("incomplete, so that the analysis would wait: \(incomplete)", false)
        }
        if let label = question.label { return answer(to: found, by: label) }
        if let problem = problem(of: found.series.count, found) { return (problem, false) }
        let samples = found.sampleCount
        if samples == 0 {
            let what = found.isNaN ? "all samples are NaN, which count as none" : "no samples"
            switch question.asked.noData {
            case .zero: return ("\(what): counted as 0", true)
            case .pass: return ("\(what): the metric would be left out", true)
            case .hold: return ("\(what): the analysis would wait", false)
            case .fail: return ("\(what): the metric would fail", false)
            }
        }
        if samples < plan.minimumSamples, question.asked.noData != .zero {
            return ("\(samples) of \(plan.minimumSamples) samples needed", false)
        }
        let unusable = found.unusableCount(isCounted: question.isCounted)
        if unusable > 0 {
            let what = question.isCounted ? "infinite or below 0" : "infinite"
            return ("\(unusable) samples are \(what), and count for nothing", false)
        }
        if [.requests, .buckets].contains(question.part), !found.hasMoreThanZeros {
            return ("no requests: without traffic nothing is compared", false)
        }
        return (found.series.count > 1 && question.part != .buckets ? "ok, combined" : "ok", true)
    }

    /// What is wrong with the number of series.
    private func problem(of series: Int, _ found: LiveSeries) -> String? {
        if question.part == .buckets {
            if series == 1 { return "1 series where buckets by le are meant" }
            return series > 1 && !found.bounds.contains("+Inf")
                ? "no bucket le=\"+Inf\", which alone holds all requests" : nil
        }
        return series > 1 && question.asked.combine == nil ? "\(series) series where one is meant, and no combine" : nil
    }

    private func answer(to found: LiveSeries, by label: String) -> Answer {
        let values = found.values(of: label)
        if values == 0 {
            let nothing = question.part == .events && !found.hasMoreThanZeros
            return nothing ? ("no errors: nothing to tell apart", true) : ("no series has the label \(label)", false)
        }
        let most = CountColumn.largestGroupCount
        if values > most { return ("\(values) values of \(label): more than \(most) are not told apart", false) }
        return ("ok, by \(label)", true)
    }

    /// Of both sides together; nil where there is nothing to say.
    func answer(to control: LiveSeries, and experiment: LiveSeries) -> Answer? {
        if question.part == .buckets, !control.series.isEmpty, !experiment.series.isEmpty,
            control.bounds != experiment.bounds
        {
            return ("the histograms of the sides have different bounds, between which nothing is compared", false)
        }
        if plan.isSequential, plan.comparesWithPast, control.sampleCount > 0, !control.hasMoreThanZeros {
            return ("the past is all 0, of which nothing is a multiple, so that nothing is decided", false)
        }
        let isOne = [control, experiment].allSatisfy { $0.series.count == 1 }
        guard isOne || question.part == .buckets, Self.areSame(control, experiment) else { return nil }
        let isSuspicious = Set(control.series.flatMap(\.values).filter { !$0.isNaN }).count > 1
        return isSuspicious
            ? ("both sides have the same samples: the query does not tell them apart", false)
            : ("both sides have the same constant samples", true)
    }

    /// Bit for bit, and not empty.
    private static func areSame(_ control: LiveSeries, _ experiment: LiveSeries) -> Bool {
        let (one, other) = (control.series.flatMap(\.values), experiment.series.flatMap(\.values))
        return control.series.count == experiment.series.count && one.count == other.count
            && one.contains { !$0.isNaN } && zip(one, other).allSatisfy { $0 == $1 || $0.isNaN && $1.isNaN }
    }
}
