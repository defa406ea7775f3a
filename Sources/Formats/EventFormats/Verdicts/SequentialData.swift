import Analysis
import JSON
import Judging

/// The evidence of the sequential judge about a metric, in a verdict event's data.
enum SequentialData {
    /// - Parameters:
    ///   - start: of the analysis; nil where it has had no look.
    ///   - step: the distance of two samples.
    static func write(_ evidence: SequentialEvidence, start: Timestamp?, step: Duration) -> JSONValue {
        .object([
            "comparison": .string(evidence.comparison.rawValue),
            "effect": evidence.effect.map(ratio),
            "margin": .double(evidence.margin),
            "harm": evidence.harm.map { .double($0) },
            "harmEvidence": .double(evidence.harmEvidence),
            "harmThreshold": .double(evidence.harmThreshold),
            "safetyEvidence": .double(evidence.safetyEvidence),
            "safetyThreshold": .double(evidence.safetyThreshold),
            "noise": .object([
                "source": .string(evidence.noise.source.rawValue),
                "dispersion": .double(evidence.noise.dispersion),
                "historyUnits": .integer(evidence.noise.historyUnits),
                "learnedAt": evidence.noise.learnedAt.map { .string(Timestamp(milliseconds: $0).rfc3339) },
            ]),
            "units": .integer(evidence.units),
            "stepsPerUnit": .integer(evidence.stepsPerUnit),
            "skippedUnits": .integer(evidence.skippedUnits),
            "lateSamples": .integer(evidence.lateSamples),
            "control": evidence.control.map(totals),
            "experiment": evidence.experiment.map(totals),
            "since": evidence.since.map { .integer($0) },
            // It follows from the window: nothing reads it back.
            "sinceTime": start.flatMap { evidence.since(start: $0, step: step) }.map { .string($0.rfc3339) },
            "neededUnits": evidence.neededUnits.map { .double($0) },
            "neededLooks": evidence.neededLooks.map { .integer($0) },
            "bounds": evidence.bounds.isEmpty ? nil : .array(evidence.bounds.map(bound)),
            "ruledOutRate": evidence.ruledOutRate.map { .double($0) },
            "split": evidence.split.map { split in
                .object([
                    "declared": .double(split.declared), "seen": .double(split.seen), "isWrong": .bool(split.isWrong),
                ])
            },
            "pods": evidence.pods.map(pods),
            "environment": evidence.environment.map { environment in
                .object([
                    "ratio": .double(environment.ratio),
                    "experimentRatio": environment.experimentRatio.map { .double($0) },
                    "isDegraded": .bool(environment.isDegraded),
                ])
            },
            "newValues": evidence.newValues.map(NewValuesData.write),
            "strata": evidence.strata.map(StrataData.write),
            "limits": evidence.limits.isEmpty ? nil : .array(evidence.limits.map { .string($0) }),
        ])
    }

    private static func ratio(_ ratio: RatioEstimate) -> JSONValue {
        .object([
            "estimate": .double(ratio.estimate),
            "lower": .double(ratio.lower),
            "upper": .double(ratio.upper),
            "confidence": .double(ratio.confidence),
        ])
    }

    private static func totals(_ totals: ExposureTotals) -> JSONValue {
        .object(["events": .double(totals.events), "requests": .double(totals.requests)])
    }

    private static func bound(_ bound: BoundEvidence) -> JSONValue {
        .object([
            "bound": .double(bound.bound),
            "control": totals(bound.control),
            "experiment": totals(bound.experiment),
            "effect": bound.effect.map(ratio),
            "harmEvidence": .double(bound.harmEvidence),
        ])
    }

    private static func pods(_ pods: PodsEvidence) -> JSONValue {
        .object([
            "control": .integer(pods.control),
            "experiment": .integer(pods.experiment),
            "spread": .double(pods.spread),
            "isAssumed": .bool(pods.isAssumed),
            "outliers": pods.outliers.isEmpty
                ? nil
                : .array(
                    pods.outliers.map { outlier in
                        .object([
                            "pod": .string(outlier.pod),
                            "ratio": outlier.ratio.map { .double($0) },
                            "events": .double(outlier.totals.events),
                            "requests": .double(outlier.totals.requests),
                        ])
                    }
                ),
            "treatment": .string(pods.treatment.rawValue),
        ])
    }

    // MARK: - Reading

    static func read(_ fields: JSONFields) throws(JSONFieldError) -> SequentialEvidence {
        let noise = try fields.required("noise", try fields.fields("noise"))
        var bounds: [BoundEvidence] = []
        for bound in try fields.objects("bounds") ?? [] { bounds.append(try self.bound(bound)) }
        return SequentialEvidence(
            comparison: try fields.required(
                "comparison",
                try fields.choice("comparison", of: SequentialEvidence.Comparison.self)
            ),
            effect: try ratio(fields),
            margin: try number(fields, "margin"),
            harm: try fields.measurement("harm"),
            harmEvidence: try number(fields, "harmEvidence"),
            harmThreshold: try number(fields, "harmThreshold"),
            safetyEvidence: try number(fields, "safetyEvidence"),
            safetyThreshold: try number(fields, "safetyThreshold"),
            noise: NoiseEvidence(
                source: try noise.required("source", try noise.choice("source", of: NoiseEvidence.Source.self)),
                dispersion: try number(noise, "dispersion"),
                historyUnits: try noise.required("historyUnits", try noise.integer("historyUnits")),
                learnedAt: try noise.time("learnedAt")?.milliseconds
            ),
            units: try fields.required("units", try fields.integer("units")),
            stepsPerUnit: try fields.integer("stepsPerUnit") ?? 1,
            skippedUnits: try fields.integer("skippedUnits") ?? 0,
            lateSamples: try fields.integer("lateSamples") ?? 0,
            control: try fields.fields("control").map { (part) throws(JSONFieldError) in try totals(part) },
            experiment: try fields.fields("experiment").map { (part) throws(JSONFieldError) in try totals(part) },
            since: try fields.integer("since"),
            neededUnits: try fields.measurement("neededUnits"),
            neededLooks: try fields.integer("neededLooks"),
            bounds: bounds,
            ruledOutRate: try fields.measurement("ruledOutRate"),
            split: try fields.fields("split").map { (part) throws(JSONFieldError) in try split(part) },
            pods: try fields.fields("pods").map { (part) throws(JSONFieldError) in try pods(part) },
            environment: try fields.fields("environment").map { (part) throws(JSONFieldError) in
                EnvironmentEvidence(
                    ratio: try number(part, "ratio"),
                    experimentRatio: try part.measurement("experimentRatio"),
                    isDegraded: try part.bool("isDegraded") ?? false
                )
            },
            newValues: try fields.fields("newValues").map { (part) throws(JSONFieldError) in
                try NewValuesData.read(part)
            },
            strata: try fields.fields("strata").map { (part) throws(JSONFieldError) in try StrataData.read(part) },
            limits: try fields.texts("limits") ?? []
        )
    }

    private static func number(_ fields: JSONFields, _ name: String) throws(JSONFieldError) -> Double {
        try fields.required(name, try fields.measurement(name))
    }

    private static func ratio(_ fields: JSONFields) throws(JSONFieldError) -> RatioEstimate? {
        guard let ratio = try fields.fields("effect") else { return nil }
        return RatioEstimate(
            estimate: try number(ratio, "estimate"),
            lower: try number(ratio, "lower"),
            upper: try number(ratio, "upper"),
            confidence: try number(ratio, "confidence")
        )
    }

    private static func totals(_ fields: JSONFields) throws(JSONFieldError) -> ExposureTotals {
        ExposureTotals(events: try number(fields, "events"), requests: try number(fields, "requests"))
    }

    private static func split(_ fields: JSONFields) throws(JSONFieldError) -> SplitEvidence {
        SplitEvidence(
            declared: try number(fields, "declared"),
            seen: try number(fields, "seen"),
            isWrong: try fields.bool("isWrong") ?? false
        )
    }

    private static func pods(_ fields: JSONFields) throws(JSONFieldError) -> PodsEvidence {
        var outliers: [PodOutlier] = []
        for outlier in try fields.objects("outliers") ?? [] {
            outliers.append(
                PodOutlier(
                    pod: try outlier.required("pod", try outlier.text("pod")),
                    ratio: try outlier.measurement("ratio"),
                    totals: try totals(outlier)
                )
            )
        }
        return PodsEvidence(
            control: try fields.required("control", try fields.integer("control")),
            experiment: try fields.required("experiment", try fields.integer("experiment")),
            spread: try number(fields, "spread"),
            isAssumed: try fields.bool("isAssumed") ?? false,
            outliers: outliers,
            treatment: try fields.required("treatment", try fields.choice("treatment", of: PodsEvidence.Treatment.self))
        )
    }

    private static func bound(_ fields: JSONFields) throws(JSONFieldError) -> BoundEvidence {
        BoundEvidence(
            bound: try number(fields, "bound"),
            control: try totals(try fields.required("control", try fields.fields("control"))),
            experiment: try totals(try fields.required("experiment", try fields.fields("experiment"))),
            effect: try ratio(fields),
            harmEvidence: try number(fields, "harmEvidence")
        )
    }
}
