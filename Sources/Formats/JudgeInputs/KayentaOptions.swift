import JSON
import Judging

/// The options under a metric's `analysisConfigurations.canary`, read the way Kayenta does.
///
/// Words it does not know stand for the default and unknown options are ignored, but a value of the wrong type stops the
/// whole judgement. Null is 0 for a number and false for a boolean.
struct KayentaOptions {
    private var metric: String
    private var configurations: JSONValue?

    init(metric: String, configurations: JSONValue?) {
        self.metric = metric
        self.configurations = configurations
    }

    func settings() throws(KayentaError) -> MetricSettings {
        let direction = Direction(rawValue: try word("either", "direction")) ?? .either
        let nanStrategy = NaNStrategy(rawValue: try word("remove", "nanStrategy")) ?? .remove
        let removesOutliers = try word("keep", "outliers", "strategy") == "remove"
        let outlierFactor = try number(3, "outliers", "outlierFactor")
        let critical = try flag("critical")
        let mustHaveData = try flag("mustHaveData")
        let muted = try flag("muted")
        let effect = try effectLimits()
        guard !removesOutliers || outlierFactor > 0 else {
            throw KayentaError("\(name("outliers", "outlierFactor")) must be above 0, not \(outlierFactor).")
        }
        return MetricSettings(
            direction: direction,
            nanStrategy: nanStrategy,
            outliers: removesOutliers ? .remove(factor: outlierFactor) : .keep,
            effect: effect,
            critical: critical,
            mustHaveData: mustHaveData,
            muted: muted
        )
    }

    private func effectLimits() throws(KayentaError) -> EffectLimits {
        let measure = EffectLimits.Measure(rawValue: try word("meanRatio", "effectSize", "measure")) ?? .meanRatio
        let neutral = measure == .cles ? 0.5 : 1.0
        return EffectLimits(
            measure: measure,
            allowedIncrease: try number(neutral, "effectSize", "allowedIncrease"),
            allowedDecrease: try number(neutral, "effectSize", "allowedDecrease"),
            criticalIncrease: try number(neutral, "effectSize", "criticalIncrease"),
            criticalDecrease: try number(neutral, "effectSize", "criticalDecrease")
        )
    }

    private func word(_ standard: String, _ path: String...) throws(KayentaError) -> String {
        switch find(path) {
        case nil: return standard
        case .string(let word): return word
        case .null: throw KayentaError("\(name(path)) is null.")
        // Any other value has a text too, but none that is a known word.
        case .some: return ""
        }
    }

    private func flag(_ path: String...) throws(KayentaError) -> Bool {
        switch find(path) {
        case nil, .null: return false
        case .bool(let value): return value
        case .some(let other): throw KayentaError("\(name(path)) must be a boolean, not \(other.kayentaKind).")
        }
    }

    private func number(_ standard: Double, _ path: String...) throws(KayentaError) -> Double {
        switch find(path) {
        case nil: return standard
        case .null: return 0
        case .some(let other):
            if case .number(let text) = other {
                switch JSONValue.JavaNumber(text) {
                case .int(let value): return Double(value)
                case .double(let value): return value
                case .long: break
                }
            }
            throw KayentaError(
                "\(name(path)) must be a number of at most 32 bits or with a point, not \(other.kayentaKind)."
            )
        }
    }

    private func find(_ path: [String]) -> JSONValue? {
        configurations.flatMap { Self.find(["canary"] + path, in: $0) }
    }

    /// The value at a path. A list on the way is searched as a whole: the answer is the list of what its elements hold.
    private static func find(_ path: [String], in value: JSONValue) -> JSONValue? {
        guard let key = path.first else { return value }
        switch value {
        case .object(let members):
            return members[key].flatMap { find(Array(path.dropFirst()), in: $0) }
        case .array(let elements):
            let found = elements.compactMap { find(path, in: $0) }
            return found.isEmpty ? nil : .array(found)
        default:
            return nil
        }
    }

    private func name(_ path: String...) -> String { name(path) }

    private func name(_ path: [String]) -> String {
        "Option \(path.joined(separator: ".")) of metric '\(metric)'"
    }
}
