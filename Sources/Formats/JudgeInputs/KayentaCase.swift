package import JSON
import Judging

/// Answers a judging case the way Kayenta's own judge does, for comparing the two and for moving plans over.
///
/// A case is `{"config": …, "scoreThresholds": {"pass": …, "marginal": …}, "metricSetPairs": […]}`: Kayenta's canary
/// config, the thresholds of its execution request and its metric set pairs.
package enum KayentaCase {
    /// The longest case that is read, in bytes.
    package static let longestLine = 16 * 1_024 * 1_024

    /// Kayenta's `CanaryJudgeResult` as JSON (nulls left out, NaN and infinities as texts), or `{"error": "…"}` where
    /// Kayenta would fail the whole judgement.
    package static func answer(line: String) -> String {
        do throws(KayentaError) {
            let (pairs, judgement) = try judge(line: line)
            return KayentaJudgeResult(judgement, of: pairs).json.jsonText
        } catch {
            return JSONValue.object(["error": .string(error.description)]).jsonText
        }
    }

    /// Kayenta's `CanaryJudgeResult`; throws where Kayenta would fail the whole judgement.
    package static func judge(
        config: JSONValue,
        pairs: [JSONValue],
        pass: Double,
        marginal: Double
    ) throws(KayentaError) -> JSONValue {
        let (setPairs, judgement) = try judge(config, pairs, pass: pass, marginal: marginal)
        return KayentaJudgeResult(judgement, of: setPairs).json
    }

    /// Throws where the judge cannot work with a config, whatever the samples are.
    package static func check(config: JSONValue) throws(KayentaError) {
        for metric in try KayentaConfig(config).metrics ?? [] {
            let name = metric.name ?? "null"
            _ = try KayentaOptions(metric: name, configurations: metric.analysisConfigurations).settings()
        }
    }

    /// Throws where the judge cannot read a pair of samples.
    package static func check(pairs: [JSONValue]) throws(KayentaError) {
        for pair in pairs { _ = try KayentaMetricSetPair(pair) }
    }

    private static func judge(line: String) throws(KayentaError) -> ([KayentaMetricSetPair], Judgement) {
        guard line.utf8.count <= longestLine else {
            throw KayentaError("The case has \(line.utf8.count) bytes; at most \(longestLine) are read.")
        }
        let json = try JSONValue.kayenta(line)
        _ = try json.members("A case")
        guard let configJSON = json.member("config") else { throw KayentaError("The case has no config.") }
        guard let thresholds = json.member("scoreThresholds") else {
            throw KayentaError("The case has no scoreThresholds.")
        }
        guard let list = json.member("metricSetPairs") else { throw KayentaError("The case has no metricSetPairs.") }
        _ = try thresholds.members("scoreThresholds")
        let pass = try thresholds.member("pass")?.number("scoreThresholds.pass") ?? 0
        let marginal = try thresholds.member("marginal")?.number("scoreThresholds.marginal") ?? 0
        return try judge(configJSON, list.list("metricSetPairs"), pass: pass, marginal: marginal)
    }

    private static func judge(
        _ configJSON: JSONValue,
        _ list: [JSONValue],
        pass: Double,
        marginal: Double
    ) throws(KayentaError) -> ([KayentaMetricSetPair], Judgement) {
        let config = try KayentaConfig(configJSON)
        var setPairs: [KayentaMetricSetPair] = []
        for pair in list { setPairs.append(try KayentaMetricSetPair(pair)) }
        var pairs: [MetricPair] = []
        for setPair in setPairs { pairs.append(try metricPair(setPair, config: config)) }
        guard let weights = config.groupWeights else { throw KayentaError("The config has no classifier.") }
        let rules = ScoringRules(pass: pass, marginal: marginal, groupWeights: weights)
        return (setPairs, NetflixACAJudge().judge(pairs, by: rules))
    }

    private static func metricPair(
        _ setPair: KayentaMetricSetPair,
        config: KayentaConfig
    ) throws(KayentaError) -> MetricPair {
        let metric = try config.metric(named: setPair.name)
        let name = setPair.name ?? "null"
        guard let experiment = setPair.experiment else {
            throw KayentaError("Metric '\(name)' has no list of experiment values.")
        }
        guard let control = setPair.control else {
            throw KayentaError("Metric '\(name)' has no list of control values.")
        }
        let settings = try KayentaOptions(metric: name, configurations: metric.analysisConfigurations).settings()
        guard metric.groups != nil || settings.muted else {
            throw KayentaError("Metric '\(name)' has no groups in the config.")
        }
        return MetricPair(
            name: name,
            groups: metric.groups ?? [],
            control: control,
            experiment: experiment,
            settings: settings
        )
    }
}
