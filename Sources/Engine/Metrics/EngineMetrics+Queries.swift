import Analysis
import Telemetry

extension EngineMetrics {
    func queryBegins() {
        queriesSent.add()
        queriesUnderWay.add()
    }

    func queryEnds(_ failure: SamplingFailure.Kind?, from start: Timestamp, to end: Timestamp) {
        queriesUnderWay.add(-1)
        queryTime.observe(max(0, end.since(start).seconds), failure == nil ? "answered" : "failed")
        if let failure { queryFailures.add(1, failure.rawValue) }
        // A refused query is an answer: the back end is there.
        guard failure == .unreachable || failure == .overloaded else {
            failuresInARow.set(0)
            lastAnswer.set(end.seconds)
            return
        }
        failuresInARow.add()
    }

    /// Counts what an answer says about the quality of its data.
    func count(_ answer: BackEndAnswer) {
        queryRemarks.add(Double(answer.warnings.count), "warning")
        queryRemarks.add(Double(answer.infos.count), "info")
        samplesOffGrid.add(Double(answer.movedCount), "moved")
        samplesOffGrid.add(Double(answer.ignoredCount), "left_out")
    }
}

extension Timestamp {
    /// Since the epoch.
    var seconds: Double { Double(milliseconds) / 1000 }
}
