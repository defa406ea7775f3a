/// What is known to surprise people in Kayenta's judge and is kept, so that a plan gets the answer that it got there.
///
/// The raw value is the anchor under which `docs/judges/kayenta.md` explains the quirk.
package enum KayentaQuirk: String, Sendable, CaseIterable {
    // Samples
    case fewSamples = "few-samples"
    case smallWindows = "small-windows"
    case largeWindows = "large-windows"
    case overlappingSamples = "overlapping-samples"
    case tinyValues = "tiny-values"
    case mostlyZero = "mostly-zero"
    case infiniteSamples = "infinite-samples"
    case constantSides = "constant-sides"
    case trimmedOutliers = "trimmed-outliers"
    case earlierControl = "earlier-control"
    // Effects
    case zeroMeans = "zero-means"
    case negativeMeans = "negative-means"
    case skewedSamples = "skewed-samples"
    case effectLimits = "effect-limits"
    // Looks
    case repeatedLooks = "repeated-looks"
    // Missing data
    case missingMetrics = "missing-metrics"
    case groupsWithoutData = "groups-without-data"
    case criticalWithoutData = "critical-without-data"
    case replacedSamples = "replaced-samples"
    case metricsInError = "metrics-in-error"
    // Scores
    case weightsNotScaled = "weights-not-scaled"
    case metricsWithoutGroup = "metrics-without-group"
    case thresholdsOfZero = "thresholds-of-zero"
    case allMuted = "all-muted"

    /// Where the quirk is explained.
    package var reference: String { "docs/judges/kayenta.md#\(rawValue)" }
}

/// A quirk that a plan, or a judgement, meets.
package struct KayentaCaveat: Sendable, Equatable, CustomStringConvertible {
    package var quirk: KayentaQuirk
    /// What it does here, in one sentence without its full stop.
    package var text: String

    package init(_ quirk: KayentaQuirk, _ text: String) {
        self.quirk = quirk
        self.text = text
    }

    /// The text and where to read on.
    package var description: String { "\(text) (\(quirk.reference))" }
}
