extension Judge {
    /// Minimum work per thread (about 0.25 ms); below it, starting another thread does not pay.
    private var workOfASlice: Int { 8_000 }

    /// Judges many looks at once, on at most `threads` threads and on fewer where there is little work, each with memory
    /// of its own. Samples are read in place, no thread waits for another, and the judgements do not depend on the number
    /// of threads.
    ///
    /// Returns one judgement per look, in their order.
    package func judge(_ looks: [JudgeableLook], threads: Int) async -> [Judgement] {
        let slices = JudgingSlice.slices(of: looks, count: threads, least: workOfASlice)
        guard slices.count > 1 else { return joined(slices.map { judge($0, of: looks) }, of: looks) }
        let judged = await withTaskGroup(of: (Int, [PartialLook]).self) { group in
            for (number, slice) in slices.enumerated() {
                group.addTask { (number, judge(slice, of: looks)) }
            }
            var judged = [[PartialLook]](repeating: [], count: slices.count)
            for await (number, partial) in group { judged[number] = partial }
            return judged
        }
        return joined(judged, of: looks)
    }

    /// Judges the metrics of a slice, and the looks that lie in it whole.
    private func judge(_ slice: JudgingSlice, of looks: [JudgeableLook]) -> [PartialLook] {
        var workspace = JudgingWorkspace()
        var judged: [PartialLook] = []
        judged.reserveCapacity(slice.end.look - slice.start.look + 1)
        for number in slice.start.look...slice.end.look where number < looks.count {
            let pairs = looks[number].pairs
            let first = number == slice.start.look ? slice.start.metric : 0
            let end = number == slice.end.look ? slice.end.metric : pairs.count
            guard first < end || (pairs.isEmpty && number < slice.end.look) else { continue }
            var metrics: [MetricJudgement] = []
            metrics.reserveCapacity(end - first)
            for index in first..<end { metrics.append(judge(pairs[index], in: &workspace)) }
            let isWhole = metrics.count == pairs.count
            judged.append(
                isWhole
                    ? .judgement(judgement(of: metrics, from: pairs, by: looks[number].rules))
                    : .metrics(metrics, isLast: end == pairs.count)
            )
        }
        return judged
    }

    /// Puts the looks together that threads have shared.
    private func joined(_ slices: [[PartialLook]], of looks: [JudgeableLook]) -> [Judgement] {
        var judgements: [Judgement] = []
        judgements.reserveCapacity(looks.count)
        var shared: [MetricJudgement] = []
        for partial in slices.joined() {
            switch partial {
            case .judgement(let judgement): judgements.append(judgement)
            case .metrics(let metrics, let isLast):
                shared += metrics
                guard isLast else { continue }
                let look = looks[judgements.count]
                judgements.append(judgement(of: shared, from: look.pairs, by: look.rules))
                shared = []
            }
        }
        return judgements
    }
}

/// What a slice has made of one look.
private enum PartialLook: Sendable {
    case judgement(Judgement)
    /// Some of its metrics.
    case metrics([MetricJudgement], isLast: Bool)
}
