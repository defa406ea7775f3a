import Judging

extension KayentaJSONWriter {
    /// Writes Kayenta's `CanaryJudgeResult`; `pairs` are those that were judged, in the same order.
    mutating func write(_ judgement: Judgement, of pairs: [KayentaMetricSetPair]) {
        object { writer in
            writer.member("judgeName", judgement.judge)
            writer.member("results") { writer in
                writer.array(Array(zip(pairs, judgement.metrics))) { writer, result in
                    writer.write(result.1, of: result.0)
                }
            }
            writer.member("groupScores") { writer in
                writer.array(judgement.groups) { writer, group in
                    writer.object { writer in
                        writer.member("name", group.name)
                        writer.member("score", group.score)
                        writer.member("classification", "")
                        writer.member("classificationReason", "")
                    }
                }
            }
            writer.member("score") { writer in
                writer.object { writer in
                    writer.member("score", judgement.score)
                    writer.member("classification", Self.label(judgement.result))
                    writer.member("classificationReason", judgement.reason)
                }
            }
        }
    }

    private mutating func write(_ metric: MetricJudgement, of pair: KayentaMetricSetPair) {
        object { writer in
            writer.member("name", pair.name)
            if let tags = pair.tags {
                writer.member("tags") { writer in
                    writer.object { writer in
                        for (key, value) in tags.sorted(by: { $0.key < $1.key }) {
                            writer.member(key) { writer in
                                if let value { writer.string(value) } else { writer.null() }
                            }
                        }
                    }
                }
            }
            writer.member("id", pair.id)
            writer.member("classification", metric.classification.rawValue)
            writer.member("classificationReason", metric.reason?.text)
            writer.member("groups") { writer in writer.array(metric.groups) { $0.string($1) } }
            writer.member("experimentMetadata") { $0.write(metric.experiment) }
            writer.member("controlMetadata") { $0.write(metric.control) }
            if let ratio = metric.ratio {
                writer.member("resultMetadata") { writer in writer.object { $0.member("ratio", ratio) } }
            }
            writer.member("critical", metric.criticalFailure)
            writer.member("muted", metric.muted)
        }
    }

    private mutating func write(_ statistics: SampleStatistics) {
        object { writer in
            writer.member("stats") { writer in
                writer.object { writer in
                    writer.member("count", statistics.count)
                    writer.member("mean", statistics.mean)
                    writer.member("min", statistics.minimum)
                    writer.member("std", statistics.standardDeviation)
                    writer.member("max", statistics.maximum)
                }
            }
        }
    }

    private static func label(_ result: JudgementResult) -> String {
        switch result {
        case .pass: "Pass"
        case .marginal: "Marginal"
        case .fail: "Fail"
        case .inconclusive, .unknown: "Nodata"
        }
    }
}
