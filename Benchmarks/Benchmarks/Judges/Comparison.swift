import Benchmark
import Foundation
import Harness
import Judging
import Measuring
import Subjects

/// The product's judge, which judges whole looks with their scores, against others on the same pairs and in the same
/// run. The others judge pair by pair and give no score.
enum Comparison {
    /// Pairs that are judged in turn.
    private static let number = 64
    /// A Python that has scipy, where it is not simply `python3`.
    private static let python =
        ProcessInfo.processInfo.environment["ASSAY_BENCHMARK_PYTHON"] ?? "python3"
    private static let contenders = [
        "assay", PlainReference.name, "scipy", "scipy vectorised", "R",
    ]

    static func benchmark(_ kind: SampleKind, samples: Int) {
        let name = "compare-\(kind)-\(samples)"
        Benchmark.race(name, between: contenders) {
            let pairs = kind.pairs(number, samples: samples)
            let file = try SeriesFile(pairs)
            defer { file.remove() }
            let scipy = try Worker(python, "mannwhitney.py", file.path)
            let wilcox = try Worker("Rscript", "wilcox.R", file.path)
            try check(pairs, scipy, wilcox)

            let judge = ProductJudge()
            let looks = ProductJudge.looks(of: pairs)
            var found: [Contender] = [
                .here("assay", unitsPerCall: number) { judge.judge(looks: looks) { keep($0) } },
                .here(PlainReference.name, unitsPerCall: number) {
                    for pair in pairs { keep(PlainReference.judge(pair)) }
                },
            ]
            if let scipy {
                Results.record("versions", "scipy", scipy.version)
                found.append(Contender("scipy") { try scipy.seconds("single \($0)") })
                found.append(
                    Contender("scipy vectorised", unitsPerCall: number) { try scipy.seconds("vectorised \($0)") }
                )
            }
            if let wilcox {
                Results.record("versions", "R", wilcox.version)
                found.append(Contender("R") { try wilcox.seconds("single \($0)") })
            }
            return found
        }
    }

    /// All of them have to find the same: the two judges the same class, and the same interval as R, which has to find
    /// the same p-value as scipy.
    private static func check(_ pairs: [MetricPair], _ scipy: Worker?, _ wilcox: Worker?) throws {
        var product: [MetricJudgement] = []
        try Measuring.check(pairs.count.isMultiple(of: ProductJudge.metricsOfALook), "a look is not whole")
        ProductJudge().judge(looks: ProductJudge.looks(of: pairs)) { product += $0.metrics }
        try Measuring.check(product.count == pairs.count, "\(product.count) pairs were judged")
        for (pair, judgement) in zip(pairs, product) {
            let plain = PlainReference.judge(pair)
            try Measuring.check(
                plain.0 == judgement.classification && plain.upper == judgement.shift?.upper,
                "\(pair.name): the reference says \(plain), the product \(judgement)"
            )
        }
        guard let wilcox else { return }
        let found = try wilcox.numbers("check")
        try Measuring.check(found.count == 3, "R says \(found)")
        // Both search the ends of the interval by root finding, to a tolerance of 1e-4.
        guard let shift = product[0].shift, abs(shift.lower - found[1]) < 1e-3, abs(shift.upper - found[2]) < 1e-3
        else {
            throw WrongResult("R's interval is \(found[1])…\(found[2]), the product's \(product[0])")
        }
        guard let scipy else { return }
        let pValue = try scipy.numbers("check")
        try Measuring.check(
            pValue.count == 1 && abs(pValue[0] / found[0] - 1) < 1e-6,
            "scipy's p-value is \(pValue), R's \(found[0])"
        )
    }
}
