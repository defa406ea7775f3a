import Judging

/// What the strata of a metric show.
struct StrataForm: Codable {
    struct Stratum: Codable {
        var name: String
        var part: Double
        var ratio: Double?
        var control: SequentialForm.Totals
        var experiment: SequentialForm.Totals

        init(_ stratum: StratumEvidence) {
            name = stratum.name
            part = stratum.part
            ratio = stratum.ratio
            control = SequentialForm.Totals(stratum.control)
            experiment = SequentialForm.Totals(stratum.experiment)
        }

        var value: StratumEvidence {
            StratumEvidence(
                name: name,
                part: part,
                ratio: ratio,
                control: control.value,
                experiment: experiment.value
            )
        }
    }

    var label: String
    var count: Int
    var strongest: Stratum?
    var pooledRatio: Double?
    var uncompared: SequentialForm.Totals
    var withUncompared: SequentialForm.Totals

    init(_ evidence: StrataEvidence) {
        label = evidence.label
        count = evidence.count
        strongest = evidence.strongest.map(Stratum.init)
        pooledRatio = evidence.pooledRatio
        uncompared = SequentialForm.Totals(evidence.uncompared)
        withUncompared = SequentialForm.Totals(evidence.withUncompared)
    }

    var value: StrataEvidence {
        StrataEvidence(
            label: label,
            count: count,
            strongest: strongest?.value,
            pooledRatio: pooledRatio,
            uncompared: uncompared.value,
            withUncompared: withUncompared.value
        )
    }
}
