package import Analysis

/// The series of one side, divided by the values of a label into two parts that are asked for as the two sides.
package struct SeriesDivision: Sendable, Equatable {
    /// Whose series are divided.
    package var divided: Side
    package var label: String
    /// The label's values of each part; neither is empty.
    package var control: [String]
    package var experiment: [String]

    package init(of divided: Side, by label: String, control: [String], experiment: [String]) {
        self.divided = divided
        self.label = label
        self.control = control
        self.experiment = experiment
    }

    /// A string of PromQL with a regular expression that matches the part's values, and nothing else.
    func pattern(of side: Side) -> String {
        let values = side == .control ? control : experiment
        return "\"" + values.map { PromQL.escape($0, as: .regex, quote: "\"") }.joined(separator: "|") + "\""
    }
}
