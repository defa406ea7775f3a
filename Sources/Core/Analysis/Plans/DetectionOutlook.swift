package import Judging

/// What both sides had in a stretch of time before the release: from it follows what an analysis can find.
package struct MeasuredCounts: Sendable, Equatable {
    package var control: ExposureTotals
    /// Nil where the new version does not run yet.
    package var experiment: ExposureTotals?
    package var duration: Duration
    /// How much the control varied then; nil where that is not known, and only chance is reckoned with.
    package var noise: CountNoise?

    package init(control: ExposureTotals, experiment: ExposureTotals?, duration: Duration, noise: CountNoise? = nil) {
        self.control = control
        self.experiment = experiment
        self.duration = duration
        self.noise = noise
    }

    /// Of both sides.
    var requests: Double { control.requests + (experiment?.requests ?? 0) }

    /// The new version's share of the requests; nil where only one side has any.
    var share: Double? {
        let share = (experiment?.requests ?? 0) / requests
        return share > 0 && share < 1 ? share : nil
    }
}

/// What the sequential test of one metric is expected to find within the lifetime, in words.
package struct DetectionOutlook: Sendable, Equatable {
    package let sentence: String
    /// Whether some effect is found within the lifetime, as far as that is known.
    package let canDecide: Bool

    /// Ratios of the sides that are named.
    package static let ratios = [1.5, 2, 3, 10]
    /// Shares of the requests for which events are told where the share is not known.
    private static let exampleShares = [0.1, 0.5]

    /// - Parameters:
    ///   - index: of the metric in the plan.
    ///   - isPast: the control is an earlier time of the same series; nil where the event does not say otherwise than the plan.
    ///   - measured: what the sides had before the release, where that is known.
    ///   - weight: percent of the requests that the new version gets; nil where it is not known.
    package init(
        of index: Int,
        in plan: AnalysisPlan,
        isPast: Bool? = nil,
        measured: MeasuredCounts? = nil,
        weight: Double? = nil
    ) {
        let metric = plan.metrics[index]
        let levelShare = plan.levelShares[index]
        let share = weight.map { $0 / 100 }.flatMap { $0 > 0 && $0 < 1 ? $0 : nil }
        if metric.role == .info || levelShare <= 0 {
            (sentence, canDecide) = ("is shown, and decides nothing", true)
        } else if isPast ?? plan.comparesWithPast {
            (sentence, canDecide) = (Self.ofPast(plan.schedule.stepCount), true)
        } else if metric.input == .value {
            (sentence, canDecide) = (Self.ofValues(metric, plan, levelShare), true)
        } else {
            let counted = CountedDetection(metric, plan, levelShare: levelShare)
            let shares = share.map { [$0] } ?? Self.exampleShares
            let pods = counted.hiddenByPods(share: shares[0])
            if let measured, let never = counted.neverEnough(measured, declared: share) {
                (sentence, canDecide) = (never, false)
            } else if let measured, let expected = counted.expected(measured, declared: share) {
                (sentence, canDecide) = (expected.0 + pods, expected.1)
            } else {
                (sentence, canDecide) = (counted.needed(shares: shares) + pods, true)
            }
        }
    }

    // MARK: Values

    /// Found of 100 simulated regressions of real series, by steps.
    private static let found: [(steps: Int, quarter: Int, half: Int)] = [(240, 99, 99), (60, 95, 98), (20, 73, 84)]
    private static let foundInPast: [(steps: Int, quarter: Int, half: Int)] = [(60, 73, 88), (20, 61, 82)]

    private static func ofValues(_ metric: PlannedMetric, _ plan: AnalysisPlan, _ levelShare: Double) -> String {
        let step = plan.schedule.step
        let steps = plan.schedule.stepCount
        let first =
            plan.fewestSteps(of: metric, levelShare: levelShare).map {
                "fails after \($0) steps (\((step * $0).compactText)) at the earliest"
            } ?? "fails only together with other metrics"
        return first + figures(of: found, steps: steps)
    }

    private static func ofPast(_ steps: Int) -> String {
        "fails when three looks in a row are worse than earlier times ever were"
            + figures(of: foundInPast, steps: steps)
    }

    private static func figures(of table: [(steps: Int, quarter: Int, half: Int)], steps: Int) -> String {
        guard let row = table.first(where: { steps >= $0.steps }) ?? table.last else { return "" }
        let bound = steps < row.steps ? "in \(row.steps) steps, more than this plan has," : "in \(row.steps) steps"
        return "; \(bound) +25 % is found in about \(row.quarter) of 100 analyses, +50 % in \(row.half)"
    }
}

/// The sentences about counts.
private struct CountedDetection {
    private let metric: PlannedMetric
    private let schedule: AnalysisSchedule
    private let alpha: Double
    private let levelShare: Double
    private let margin: Double
    private let minimumRequests: Double

    init(_ metric: PlannedMetric, _ plan: AnalysisPlan, levelShare: Double) {
        self.metric = metric
        schedule = plan.schedule
        alpha = plan.sequential.alpha
        self.levelShare = levelShare
        margin = metric.limits().margin
        minimumRequests = plan.sequential.minimumRequests
    }

    /// What is counted.
    private var events: String {
        if case .histogram = metric.input { return "slow requests" }
        return metric.kind == .errors ? "errors" : "events"
    }

    private func plan(base: Double, requests: Double, share: Double) -> DetectionPlan? {
        DetectionPlan(
            baseRate: base,
            requests: requests,
            share: share,
            margin: margin,
            alpha: alpha,
            levelShare: levelShare
        )
    }

    // MARK: Without measurements

    func needed(shares: [Double]) -> String {
        let parts = shares.compactMap { share -> String? in
            guard let plan = plan(base: 0, requests: 0, share: share) else { return nil }
            let counts = DetectionOutlook.ratios.compactMap { ratio in
                plan.events(toFind: ratio).map { "\(Self.rounded($0)) for ×\(ratio.formatted(decimals: 2))" }
            }
            return
                "\(counts.joined(separator: ", ")) where the new version gets \((share * 100).formatted(decimals: 2)) % of the requests"
        }
        return "needs \(events) of both sides together: about \(parts.joined(separator: "; "))"
    }

    /// Pods of each side for which it is told what they hide.
    private static let examplePods = [1, 5, 20]

    /// Empty where pods are not told apart.
    func hiddenByPods(share: Double) -> String {
        guard case .pods(let rule)? = metric.breakdown?.purpose, rule.assumedSpread > 0,
            let plan = plan(base: 0, requests: 0, share: share)
        else { return "" }
        let parts = Self.examplePods.map { pods in
            let ratio = plan.smallestRatio(pods: pods, spread: rule.assumedSpread)
            let size = ratio.map { "×\($0.formatted(decimals: 2))" } ?? "×32"
            return "\(size) with \(pods)\(pods == 1 ? " pod a side" : "")"
        }
        return "; pods that differ by \((rule.assumedSpread * 100).formatted(decimals: 1)) % hide effects up to about"
            + " \(parts.joined(separator: ", "))"
    }

    /// Two digits, upwards.
    private static func rounded(_ count: Double) -> String {
        var unit = 1.0
        while count / unit >= 100 { unit *= 10 }
        return ((count / unit).rounded(.up) * unit).formatted(decimals: 0)
    }

    // MARK: With measurements

    /// Why the metric decides nothing, however much is wrong: a side gets fewer requests than the plan asks for. Nil where it
    /// gets as many, or nothing was measured. Where the share of the new version is not known, it is the best one.
    func neverEnough(_ measured: MeasuredCounts, declared: Double?) -> String? {
        let requests = measured.requests
        guard measured.duration > .zero, requests.isFinite else { return nil }
        let share = declared ?? measured.share ?? 0.5
        let fewest = requests * (schedule.lifetime / measured.duration) * min(share, 1 - share)
        guard fewest < minimumRequests else { return nil }
        return
            "can never decide with this traffic: about \(fewest.formatted(decimals: 0)) requests of a side come within this"
            + " lifetime, and minimumRequests asks for \(minimumRequests.formatted(decimals: 0))"
    }

    /// Nil where nothing was measured, or the new version's share of the requests is not known.
    func expected(_ measured: MeasuredCounts, declared: Double?) -> (String, Bool)? {
        let (control, requests) = (measured.control, measured.requests)
        guard measured.duration > .zero, control.requests > 0, control.events >= 0, requests.isFinite else {
            return nil
        }
        guard let share = declared ?? measured.share else { return nil }
        let perUnit = requests * (schedule.unit / measured.duration)
        let base = min(1, control.events / control.requests)
        guard let plan = plan(base: base, requests: perUnit, share: share) else { return nil }
        let head = head(base: base, perMinute: requests * (.seconds(60) / measured.duration), share: share)
        guard base > 0 else {
            let count =
                plan.fewestEvents.map { "\($0) of the new version alone fail it" } ?? "more than 1000 are needed"
            return ("\(head): without any \(events) of the control, \(count)", true)
        }
        var visible: [String] = []
        var hidden: [String] = []
        for ratio in DetectionOutlook.ratios where ratio > margin && base * ratio <= 1 {
            let name = "×\(ratio.formatted(decimals: 2))"
            let units = plan.units(toFind: ratio, noise: measured.noise ?? .none, atMost: schedule.unitCount)
            if let looks = units.flatMap(looks) {
                visible.append(
                    visible.isEmpty ? "\(name) visible after about \(Self.counted(looks))" : "\(name) after \(looks)"
                )
            } else {
                hidden.append(name)
            }
        }
        if visible.isEmpty {
            let largest = hidden.last ?? "any effect"
            return ("\(head): not even \(largest) is visible within this lifetime", hidden.isEmpty)
        }
        let rest = hidden.isEmpty ? "" : "; \(hidden.joined(separator: " and ")) not within this lifetime"
        return ("\(head): \(visible.joined(separator: ", "))\(rest)", true)
    }

    private func head(base: Double, perMinute: Double, share: Double) -> String {
        let percent = (base * 100).formatted(decimals: base < 0.001 ? 4 : 2)
        return "\(percent) % \(events) of \(perMinute.formatted(decimals: perMinute < 10 ? 1 : 0)) requests a minute,"
            + " \((share * 100).formatted(decimals: 1)) % of them for the new version"
    }

    /// Nil where they are more than the analysis has.
    private func looks(_ units: Double) -> Int? {
        let interval = max(1, schedule.interval.milliseconds)
        let looks = (units.rounded(.up) * Double(schedule.unit.milliseconds) / Double(interval)).rounded(.up)
        return looks <= Double(schedule.lookCount) ? max(1, Int(looks)) : nil
    }

    private static func counted(_ looks: Int) -> String { "\(looks) look\(looks == 1 ? "" : "s")" }
}
