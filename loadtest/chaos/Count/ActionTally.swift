/// What the rollout controller asked the webhook to do, held against what it should have asked for.
struct ActionTally: Sendable, Equatable {
    var promotions = 0
    var aborts = 0
    var holds = 0
    /// Requests with an idempotency key that came before: allowed, the receiver drops them.
    var repeats = 0
    /// Aborts of healthy applications and promotions of broken ones.
    var wrong: [String] = []
    /// Applications whose verdict asks for an action that never came.
    var missing: [String] = []

    /// - Parameter decided: releases with a completed final verdict: whether it passed.
    init(_ actions: [HarnessServer.Action], stories: [Story], decided: [Release: Bool]) {
        let healthy = Dictionary(stories.map { ($0.application, $0.isHealthy) }) { first, _ in first }
        var keys: Set<String> = []
        var done: Set<Release> = []
        for action in actions {
            if let key = action.key, !keys.insert(key).inserted {
                repeats += 1
                continue
            }
            let release = Release(application: action.application, version: action.version)
            switch action.action {
            case "promote":
                promotions += 1
                done.insert(release)
                if healthy[action.application] != true { wrong.append("\(release) was promoted") }
            case "abort":
                aborts += 1
                done.insert(release)
                if healthy[action.application] != false { wrong.append("\(release) was aborted") }
            default: holds += 1
            }
        }
        missing = decided.keys.filter { !done.contains($0) }.map(\.description).sorted()
    }
}

/// A version of an application.
struct Release: Sendable, Hashable, CustomStringConvertible {
    var application: String
    var version: String

    var description: String { "\(application) \(version)" }
}
