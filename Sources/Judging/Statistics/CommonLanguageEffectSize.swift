/// The probability that a sample of the experiment lies above one of the control, ties counting half.
///
/// K. O. McGraw and S. P. Wong, "A common language effect size statistic", Psychological Bulletin 111 (1992); the rank
/// formula of A. Vargha and H. D. Delaney (2000): (2R - m(m + 1)) / (2mn), R the experiment's rank sum.
///
/// Kayenta computes m(m + 1) and 2mn in 32 bits, which overflow from about 32,768 samples a side; here they don't.
enum CommonLanguageEffectSize {
    /// 0 to 1; NaN when a side is empty.
    static func of(control: [Double], experiment: [Double]) -> Double {
        let m = Double(experiment.count)
        let n = Double(control.count)
        let rankSum = RankSum(of: experiment, among: control).first
        return (2 * rankSum - m * (m + 1)) / (2 * n * m)
    }
}
