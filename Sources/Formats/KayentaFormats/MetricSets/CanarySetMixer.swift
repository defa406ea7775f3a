import Analysis
import Foundation
package import JSON
import Text

/// Pairs the series of both sides: Kayenta's `MetricSetMixerService`.
package enum CanarySetMixer {
    /// The pairs of one metric, as the judge and `GET /metricSetPairList/{id}` take them.
    package static func pairs(
        control: [CanaryMetricSet],
        experiment: [CanaryMetricSet],
        makeID: () -> String = { UUID().uuidString.lowercased() }
    ) throws(KayentaProblem) -> [JSONValue] {
        guard let controlTemplate = control.first, let experimentTemplate = experiment.first else { return [] }
        try checkKeys(control, experiment)
        let (isControlUntagged, isExperimentUntagged) = (isUntagged(control), isUntagged(experiment))
        if isControlUntagged, !isExperimentUntagged {
            // The side without tags stands for no data, also where it has some.
            return experiment.map { pair(controlTemplate.empty(tags: $0.tags), $0, makeID()) }
        }
        if !isControlUntagged, isExperimentUntagged {
            return control.map { pair($0, experimentTemplate.empty(tags: $0.tags), makeID()) }
        }
        var tags: [[String: String]] = []
        var known: Set<[String: String]> = []
        for set in control + experiment where known.insert(set.tags).inserted { tags.append(set.tags) }
        let controls = Dictionary(control.map { ($0.tags, $0) }) { first, _ in first }
        let experiments = Dictionary(experiment.map { ($0.tags, $0) }) { first, _ in first }
        return tags.map { tags in
            pair(
                controls[tags] ?? controlTemplate.empty(tags: tags),
                experiments[tags] ?? experimentTemplate.empty(tags: tags),
                makeID()
            )
        }
    }

    /// How many samples the pairs of sets come to at most, with their gaps.
    package static func size(_ sets: [CanaryMetricSet]) -> Int {
        sets.count * (sets.map { max($0.values.count, $0.expectedCount) }.max() ?? 0)
    }

    private static func isUntagged(_ sets: [CanaryMetricSet]) -> Bool { sets.contains { $0.tags.isEmpty } }

    private static func checkKeys(
        _ control: [CanaryMetricSet],
        _ experiment: [CanaryMetricSet]
    ) throws(KayentaProblem) {
        let (controlKeys, experimentKeys) = (keys(control), keys(experiment))
        guard controlKeys.isEmpty || experimentKeys.isEmpty || controlKeys == experimentKeys else {
            throw KayentaProblem(
                "Control metrics have different tag keys than the experiment tag set"
                    + " ([\(words(controlKeys))] != [\(words(experimentKeys))])."
            )
        }
    }

    private static func words(_ keys: [String]) -> String { keys.joined(separator: ", ").excerpt(300) }

    private static func keys(_ sets: [CanaryMetricSet]) -> [String] {
        Set(sets.flatMap { $0.tags.keys }).sorted()
    }

    private static func pair(
        _ control: CanaryMetricSet,
        _ experiment: CanaryMetricSet,
        _ id: String
    ) -> JSONValue {
        .object([
            "name": .string(control.name), "id": .string(id),
            "tags": .object(JSONObject(CanaryMetricSet.sorted(control.tags))),
            "values": .object([
                "control": .array(control.padded.map { .java($0) }),
                "experiment": .array(experiment.padded.map { .java($0) }),
            ]),
            "scopes": .object(["control": scope(control), "experiment": scope(experiment)]),
            "attributes": .object([
                "control": .object(["query": .string(control.query)]),
                "experiment": .object(["query": .string(experiment.query)]),
            ]),
        ])
    }

    private static func scope(_ set: CanaryMetricSet) -> JSONValue {
        .object([
            "startTimeIso": .string(set.start.javaText), "startTimeMillis": .integer(Int(set.start.milliseconds)),
            "stepMillis": .integer(Int(set.step.milliseconds)),
        ])
    }
}
