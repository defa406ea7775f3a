import Analysis

/// In JSON a missing sample is null, and the step a text such as `15s`.
extension SideSeries: Codable {
    private enum CodingKeys: String, CodingKey {
        case first, step, control, experiment
    }

    package init(from decoder: any Decoder) throws {
        let members = try decoder.container(keyedBy: CodingKeys.self)
        func side(_ key: CodingKeys) throws -> [Double] {
            try members.decode([Double?].self, forKey: key).map { $0 ?? .nan }
        }
        first = try members.decode(Timestamp.self, forKey: .first)
        control = try side(.control)
        experiment = try side(.experiment)
        let text = try members.decode(String.self, forKey: .step)
        guard let step = Duration(compactText: text), (.milliseconds(1)...Self.longestStep).contains(step),
            control.count == experiment.count, control.count <= Self.maximumSteps
        else {
            throw DecodingError.dataCorruptedError(
                forKey: .step,
                in: members,
                debugDescription: "the samples of both sides must be as many, and their step a time"
            )
        }
        self.step = step
    }

    package func encode(to encoder: any Encoder) throws {
        func side(_ values: [Double]) -> [Double?] { values.map { $0.isNaN ? nil : $0 } }
        var members = encoder.container(keyedBy: CodingKeys.self)
        try members.encode(first, forKey: .first)
        try members.encode(step.compactText, forKey: .step)
        try members.encode(side(control), forKey: .control)
        try members.encode(side(experiment), forKey: .experiment)
    }
}
