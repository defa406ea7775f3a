package import Judging

/// The label by which a metric's counts are told apart, and what for.
package struct Breakdown: Sendable, Equatable {
    package enum Purpose: Sendable, Equatable {
        /// Machines of a side, which differ of their own accord.
        case pods(PodRule)
        /// Parts of the traffic, each of which is compared within itself.
        case strata
    }

    package var purpose: Purpose
    package var label: String
    /// PromQL with `${scope}`-style variables: the events and the requests of the metric's input, a series for each value of
    /// the label. Empty until the plan's queries have been read.
    package var events: String
    package var requests: String

    package init(_ purpose: Purpose, label: String, events: String = "", requests: String = "") {
        self.purpose = purpose
        self.label = label
        self.events = events
        self.requests = requests
    }

    /// The key of the plan that asks for it.
    package var field: String {
        switch purpose {
        case .pods: "pods"
        case .strata: "strata"
        }
    }
}

extension Breakdown {
    /// Why it cannot be meant so, whatever the metric's queries.
    func problems(of metric: PlannedMetric, in plan: AnalysisPlan) -> [PlanError] {
        var found: [PlanError] = []
        if let problem = Self.problem(of: label, in: plan) {
            found.append(PlanError(field: "\(field).label", problem: problem))
        }
        switch purpose {
        case .pods(let rule):
            if !(rule.assumedSpread >= 0 && rule.assumedSpread <= 10) {
                let problem = "must lie between 0 and 10: 0.1 says that healthy pods differ by a tenth"
                found.append(PlanError(field: "pods.assumedSpread", problem: problem))
            }
        case .strata: break
        }
        if plan.comparesWithPast {
            found.append(PlanError(field: field, problem: Self.needsControl))
        } else if case .counts = metric.input {
            if let combine = metric.combine, combine != .sum {
                let problem = "adds up counts, and cannot be given beside combine: \(combine.rawValue)"
                found.append(PlanError(field: field, problem: problem))
            }
        } else {
            found.append(PlanError(field: field, problem: Self.needsCounts))
        }
        return found
    }

    static let needsControl =
        "compares the two sides, and a past (scopes.control.before) is no side: name the control by labels"
    static let needsCounts = "needs counts: write errors and requests, or a query that divides one of them by the other"

    /// Why a label tells nothing apart.
    static func problem(of label: String, in plan: AnalysisPlan) -> String? {
        guard isLabel(label) else {
            return "is no name of a label: letters, digits and _ are accepted, and no digit at the beginning"
        }
        guard plan.scopes.experiment?[label] != nil else { return nil }
        return "is a label of the scopes, so that each side has one value of it"
    }

    /// For the judge.
    var rule: CountBreakdown {
        switch purpose {
        case .pods(let rule): .pods(rule)
        case .strata: .strata(label: label)
        }
    }

    private static func isLabel(_ name: String) -> Bool {
        let letters = name.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"),
                UInt8(ascii: "0")...UInt8(ascii: "9"):
                true
            default: false
            }
        }
        let startsWithDigit = name.utf8.first.map { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) } ?? true
        return letters && !startsWithDigit && name.utf8.count <= 128
    }
}
