/// For how many steps a side has had no requests, up to now. A step without a sample is passed over.
struct IdleSteps: Sendable, Equatable {
    private(set) var control = 0
    private(set) var experiment = 0

    /// Units without requests from which on a side counts as one without traffic.
    static let fewestUnits = 3

    /// As many requests were to be expected in the steps without any: of one in 150 sides that are merely quiet
    /// (exp(-5), arrivals of a Poisson process).
    static let fewestExpected = 5.0

    mutating func add(control: Double, experiment: Double) {
        Self.count(control, &self.control)
        Self.count(experiment, &self.experiment)
    }

    private static func count(_ requests: Double, _ steps: inout Int) {
        if requests > 0 { steps = 0 } else if requests == 0 { steps += 1 }
    }

    /// Whether the experiment has no traffic, and would have had requests, were it as busy as it was on average.
    func experimentIsLeft(requestsPerStep: Double, stepsPerUnit: Int) -> Bool {
        switch finding(stepsPerUnit: stepsPerUnit) {
        case .experimentWithoutTraffic, .withoutTraffic:
            Double(experiment) * requestsPerStep >= Self.fewestExpected
        default: false
        }
    }

    /// Which side has no traffic; nil while both have.
    func finding(stepsPerUnit: Int, fewestUnits: Int = Self.fewestUnits) -> TelemetryFinding? {
        let fewest = max(1, stepsPerUnit) * fewestUnits
        return switch (control >= fewest, experiment >= fewest) {
        case (true, true): .withoutTraffic
        case (false, true): .experimentWithoutTraffic
        case (true, false): .controlWithoutTraffic
        case (false, false): nil
        }
    }

    /// The same in words.
    func reason(stepsPerUnit: Int, fewestUnits: Int = Self.fewestUnits) -> String? {
        switch finding(stepsPerUnit: stepsPerUnit, fewestUnits: fewestUnits) {
        case .withoutTraffic: "no traffic: both sides have had no requests for \(min(control, experiment)) steps"
        case .experimentWithoutTraffic: "no traffic: the experiment has had no requests for \(experiment) steps"
        case .controlWithoutTraffic: "no traffic: the control has had no requests for \(control) steps"
        default: nil
        }
    }
}

extension IdleSteps {
    func write(to writer: inout StateWriter) {
        writer.write(control)
        writer.write(experiment)
    }

    init(from reader: inout StateReader, upTo steps: Int) throws(SequentialStateError) {
        control = try reader.count("steps without requests", upTo: steps)
        experiment = try reader.count("steps without requests", upTo: steps)
    }
}
