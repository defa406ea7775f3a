package import Analysis
import EventFormats
import Judging

/// What has been seen of one release: a value, so that how it should end can be tested without running anything.
package struct ReleaseWatch: Sendable, Equatable {
    package let release: DemoRelease
    /// In the order of arrival, each id once: the topic may carry a verdict twice.
    package private(set) var verdicts: [Verdict] = []
    package private(set) var actions: [RolloutAction] = []
    /// Verdicts that came a second time under the same id.
    package private(set) var repeats = 0
    /// The last that the shop said of itself.
    package var shop: ShopReport?

    package init(release: DemoRelease) {
        self.release = release
    }

    package var finals: [Verdict] { verdicts.filter { $0.kind == .final } }

    package var finalAction: RolloutAction? {
        guard let final = finals.first else { return nil }
        return actions.first { $0.verdictID == final.id }
    }

    /// Takes note of a verdict about the release; false when it is about another one, or came before.
    package mutating func record(_ verdict: Verdict) -> Bool {
        guard verdict.version == release.version else { return false }
        guard !verdicts.contains(where: { $0.id == verdict.id }) else {
            repeats += 1
            return false
        }
        verdicts.append(verdict)
        return true
    }

    /// Takes note of an action on the release; false when it is about another one, or came before.
    package mutating func record(_ action: RolloutAction) -> Bool {
        guard action.version == release.version, !actions.contains(where: { $0.id == action.id }) else { return false }
        actions.append(action)
        return true
    }

    /// The verdict, the action and the traffic have all come to rest, be it well or not.
    package var isOver: Bool {
        guard let action = finalAction else { return false }
        return action.action != wantedAction || action.outcome != .done || trafficProblem == nil
    }

    /// What is not as it should be, one sentence each.
    package var problems: [String] {
        guard let final = finals.first else { return ["there is no final verdict"] }
        var problems: [String] = []
        if finals.count > 1 { problems.append("there are \(finals.count) final verdicts") }
        let wanted: JudgementResult = release.ending == .promoted ? .pass : .fail
        if final.status != .completed || final.result != wanted {
            let got = final.status == .completed ? final.result.rawValue : final.status.rawValue
            problems.append("the final verdict is \(got), not \(wanted.rawValue)")
        }
        if let latest = release.latestLook, final.look > latest {
            problems.append("the verdict came at look \(final.look), not at look \(latest) or before")
        }
        if let action = finalAction {
            if action.action != wantedAction || action.outcome != .done {
                problems.append(
                    "the controller answered \(action.action.rawValue) (\(action.outcome.rawValue)), not \(wantedAction.rawValue)"
                )
            }
        } else {
            problems.append("the controller has not answered")
        }
        return problems + (trafficProblem.map { [$0] } ?? [])
    }

    private var wantedAction: RolloutAction.Kind { release.ending == .promoted ? .promote : .abort }

    private var trafficProblem: String? {
        guard let shop else { return "the shop's traffic is not known" }
        let weight = shop.weight(of: release.version)
        let wanted = release.ending == .promoted ? 100.0 : 0.0
        return weight == wanted
            ? nil : "version \(release.version) has \(Int(weight)) % of the traffic, not \(Int(wanted)) %"
    }
}
