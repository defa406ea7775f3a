/// A word of a report that a reader shows something by: one that a newer version has made is read as the plain one.
package protocol ReportWord: RawRepresentable<String>, Decodable {
    static var plain: Self { get }
}

extension ReportWord {
    package init(from decoder: any Decoder) throws {
        self = Self(rawValue: try decoder.singleValueContainer().decode(String.self)) ?? .plain
    }
}

extension ReportState.Tone: ReportWord {
    package static var plain: Self { .neutral }
}

extension MetricUnit: ReportWord {}

extension ReportTimeline.Mark.Kind: ReportWord {
    package static var plain: Self { .update }
}

extension ReportTimeline.Band.Kind: ReportWord {
    package static var plain: Self { .hold }
}
