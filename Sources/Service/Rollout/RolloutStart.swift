/// Where a reader of verdicts begins that has stored no place.
package enum RolloutStart: String, CaseIterable {
    case end
    case beginning
}

/// Where verdicts come from and rollout events go to.
package enum RolloutSource: String, CaseIterable {
    case kafka
    case http
}
