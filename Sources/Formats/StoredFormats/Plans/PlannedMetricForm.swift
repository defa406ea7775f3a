import Analysis
import Judging

struct PlannedMetricForm: Codable {
    struct Effect: Codable {
        var measure: String
        var allowedIncrease: Double?
        var allowedDecrease: Double?
        var criticalIncrease: Double?
        var criticalDecrease: Double?
        // Absent in plans of version 0.1.0, like all that only the sequential judge reads.
        var margin: Double?
        var harm: Double?
        var gate: Double?
        var floor: Double?
    }

    struct Count: Codable {
        var query: String
        var per: Duration

        init(_ count: CountQuery) {
            query = count.query
            per = count.per
        }

        var value: CountQuery { CountQuery(query: query, per: per) }
    }

    /// `events` and `requests`, or `buckets`, or none of them.
    struct Input: Codable {
        var events: Count?
        var requests: Count?
        var buckets: Count?

        init?(_ input: MetricInput) {
            switch input {
            case .value: return nil
            case .counts(let events, let requests):
                self.events = Count(events)
                self.requests = Count(requests)
            case .histogram(let buckets): self.buckets = Count(buckets)
            }
        }

        func value() throws(FormError) -> MetricInput {
            switch (events, requests, buckets) {
            case (let events?, let requests?, nil): .counts(events: events.value, requests: requests.value)
            case (nil, nil, let buckets?): .histogram(buckets: buckets.value)
            default: throw FormError(.malformed, "the stored input of a metric is neither counts nor a histogram")
            }
        }
    }

    /// The label that counts are told apart by, and the queries that do it.
    struct Breakdown: Codable {
        enum Purpose: String, CaseIterable {
            case pods
        }

        var purpose: String
        var label: String
        var events: String
        var requests: String
        var assumedSpread: Double?
        var onePod: String?

        init(_ breakdown: Analysis.Breakdown) {
            switch breakdown.purpose {
            case .pods(let rule):
                purpose = Purpose.pods.rawValue
                assumedSpread = rule.assumedSpread
                onePod = rule.onePod.rawValue
            }
            label = breakdown.label
            events = breakdown.events
            requests = breakdown.requests
        }

        func value() throws(FormError) -> Analysis.Breakdown {
            switch try Purpose.stored(purpose, "purpose of a label") {
            case .pods:
                Analysis.Breakdown(
                    .pods(
                        PodRule(
                            assumedSpread: assumedSpread ?? PodRule.standardSpread,
                            onePod: try onePod.map { (name) throws(FormError) in try .stored(name, "onePod") } ?? .fail
                        )
                    ),
                    label: label,
                    events: events,
                    requests: requests
                )
            }
        }
    }

    var name: String
    var kind: String?
    var query: String
    var input: Input?
    var breakdown: Breakdown?
    var groups: [String]
    var weight: Double
    var direction: String
    var critical: Bool
    var muted: Bool
    var isSignal: Bool?
    var noData: String
    var nanStrategy: String
    var outlierFactor: Double?
    var effect: Effect
    var objective: Double?
    var combine: String?
    /// Conditions are kept as their text.
    var condition: String?
    var marginal: String?

    init(_ metric: PlannedMetric) {
        name = metric.name
        kind = metric.kind?.rawValue
        query = metric.query
        input = Input(metric.input)
        breakdown = metric.breakdown.map(Breakdown.init)
        groups = metric.groups
        weight = metric.weight
        direction = metric.direction.rawValue
        critical = metric.critical
        muted = metric.muted
        isSignal = metric.isSignal ? true : nil
        noData = metric.noData.rawValue
        nanStrategy = metric.nanStrategy.rawValue
        outlierFactor = metric.outlierFactor
        effect = Effect(
            measure: metric.effect.measure.rawValue,
            allowedIncrease: metric.effect.allowedIncrease,
            allowedDecrease: metric.effect.allowedDecrease,
            criticalIncrease: metric.effect.criticalIncrease,
            criticalDecrease: metric.effect.criticalDecrease,
            margin: metric.effect.margin,
            harm: metric.effect.harm,
            gate: metric.effect.gate,
            floor: metric.effect.floor
        )
        objective = metric.objective
        combine = metric.combine?.rawValue
        condition = metric.condition?.text
        marginal = metric.marginal?.text
    }

    func value() throws(FormError) -> PlannedMetric {
        PlannedMetric(
            name: name,
            kind: try kind.map { (name) throws(FormError) in try .stored(name, "kind of a metric") },
            query: query,
            input: try input?.value() ?? .value,
            breakdown: try breakdown.map { (form) throws(FormError) in try form.value() },
            groups: groups,
            weight: weight,
            direction: try .stored(direction, "direction"),
            critical: critical,
            muted: muted,
            isSignal: isSignal ?? false,
            noData: try .stored(noData, "noData"),
            nanStrategy: try .stored(nanStrategy, "nanStrategy"),
            outlierFactor: outlierFactor,
            effect: PlannedEffect(
                measure: try .stored(effect.measure, "measure of an effect"),
                allowedIncrease: effect.allowedIncrease,
                allowedDecrease: effect.allowedDecrease,
                criticalIncrease: effect.criticalIncrease,
                criticalDecrease: effect.criticalDecrease,
                margin: effect.margin,
                harm: effect.harm,
                gate: effect.gate,
                floor: effect.floor
            ),
            objective: objective,
            combine: try combine.map { (name) throws(FormError) in try .stored(name, "combine") },
            condition: try Self.parsed(condition),
            marginal: try Self.parsed(marginal)
        )
    }

    private static func parsed(_ text: String?) throws(FormError) -> Condition? {
        guard let text else { return nil }
        do throws(ConditionError) { return try Condition(parsing: text) } catch {
            throw FormError(.malformed, "the stored condition \"\(text.prefix(200))\" cannot be read: \(error)")
        }
    }
}
