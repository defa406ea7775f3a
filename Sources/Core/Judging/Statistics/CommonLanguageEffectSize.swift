/// The probability that a sample of the experiment lies above one of the control, ties counting half.
///
/// K. O. McGraw and S. P. Wong, "A common language effect size statistic", Psychological Bulletin 111 (1992); as counts of
/// pairs after A. Vargha and H. D. Delaney, "A Critique and Improvement of the CL Common Language Effect Size Statistics",
/// Journal of Educational and Behavioral Statistics 25 (2000).
///
/// Kayenta computes with rank sums in 32 bits, which overflow from about 32,768 samples a side; here nothing does.
enum CommonLanguageEffectSize {
    /// 0 to 1; neither side is empty. Counting is exact, the quotient rounds once.
    static func of(_ counts: ShiftedRanks.Counts, experiment: Int, control: Int) -> Double {
        Double(counts.doubledBelow) / (2 * Double(control) * Double(experiment))
    }
}
