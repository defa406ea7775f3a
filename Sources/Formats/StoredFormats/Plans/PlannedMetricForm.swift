import Analysis
import Judging

struct PlannedMetricForm: Codable {
    struct Effect: Codable {
        var measure: String
        var allowedIncrease: Double?
        var allowedDecrease: Double?
        var criticalIncrease: Double?
        var criticalDecrease: Double?
    }

    var name: String
    var query: String
    var groups: [String]
    var weight: Double
    var direction: String
    var critical: Bool
    var muted: Bool
    var noData: String
    var nanStrategy: String
    var outlierFactor: Double?
    var effect: Effect
    var combine: String?
    /// Conditions are kept as their text.
    var condition: String?
    var marginal: String?

    init(_ metric: PlannedMetric) {
        name = metric.name
        query = metric.query
        groups = metric.groups
        weight = metric.weight
        direction = metric.direction.rawValue
        critical = metric.critical
        muted = metric.muted
        noData = metric.noData.rawValue
        nanStrategy = metric.nanStrategy.rawValue
        outlierFactor = metric.outlierFactor
        effect = Effect(
            measure: metric.effect.measure.rawValue,
            allowedIncrease: metric.effect.allowedIncrease,
            allowedDecrease: metric.effect.allowedDecrease,
            criticalIncrease: metric.effect.criticalIncrease,
            criticalDecrease: metric.effect.criticalDecrease
        )
        combine = metric.combine?.rawValue
        condition = metric.condition?.text
        marginal = metric.marginal?.text
    }

    func value() throws(FormError) -> PlannedMetric {
        PlannedMetric(
            name: name,
            query: query,
            groups: groups,
            weight: weight,
            direction: try .stored(direction, "direction"),
            critical: critical,
            muted: muted,
            noData: try .stored(noData, "noData"),
            nanStrategy: try .stored(nanStrategy, "nanStrategy"),
            outlierFactor: outlierFactor,
            effect: PlannedEffect(
                measure: try .stored(effect.measure, "measure of an effect"),
                allowedIncrease: effect.allowedIncrease,
                allowedDecrease: effect.allowedDecrease,
                criticalIncrease: effect.criticalIncrease,
                criticalDecrease: effect.criticalDecrease
            ),
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
