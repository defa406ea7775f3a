/// The actions that the webhook was asked for, held against those that follow from the verdicts.
struct ActionCount: Sendable {
    struct Outcome: Sendable, Equatable {
        var missing = 0
        var doubled = 0
        /// Sentences.
        var wrong: [String] = []
    }

    private var actions: [Int: [String]] = [:]
    /// Actions on what was never released.
    private(set) var strangers: [String] = []

    /// - Parameter released: how many good releases there were.
    init(_ received: [WebhookAction], released: Int) {
        for action in received {
            if let release = GoodRelease(application: action.application), release.number < released {
                actions[release.number, default: []].append(action.action)
            } else {
                strangers.append("\(action.action) of \(action.application), which was not released")
            }
        }
    }

    /// Good releases with an action.
    var answered: Int { actions.count }

    func outcome(of releases: some Sequence<Int>) -> Outcome {
        var outcome = Outcome()
        for number in releases {
            let release = GoodRelease(number)
            let done = actions[number] ?? []
            if !done.contains(release.action) { outcome.missing += 1 }
            outcome.doubled += max(0, done.count { $0 == release.action } - 1)
            outcome.wrong += done.filter { $0 != release.action }.map { "\($0) of \(release.application)" }
        }
        return outcome
    }
}
