extension PodTallies {
    /// Pod by pod, in the order of their names. About 60 bytes a pod.
    func write(to writer: inout StateWriter) {
        writer.write(isCut)
        totals.write(to: &writer)
        writer.write(control.count)
        for (name, pod) in control.sorted(by: { $0.key < $1.key }) {
            writer.write(part: Array(name.utf8))
            writer.write([pod.events, pod.expected, pod.variance, pod.requests])
        }
        writer.write(experiment.count)
        for (name, pod) in experiment.sorted(by: { $0.key < $1.key }) {
            writer.write(part: Array(name.utf8))
            writer.write([pod.events, pod.requests, pod.controlEvents, pod.controlRequests])
        }
    }

    init(from reader: inout StateReader) throws(SequentialStateError) {
        let isCut = try reader.flag("whether pods were left out")
        let totals = try OpenUnit(from: &reader)
        var control: [String: ControlPod] = [:]
        for _ in 0..<(try reader.count("pods", upTo: Self.largestCount)) {
            let name = try reader.podName()
            let numbers = try reader.amounts(4, "a pod")
            control[name] = ControlPod(
                events: numbers[0],
                expected: numbers[1],
                variance: numbers[2],
                requests: numbers[3]
            )
        }
        var experiment: [String: ExperimentPod] = [:]
        for _ in 0..<(try reader.count("pods", upTo: Self.largestCount)) {
            let name = try reader.podName()
            let numbers = try reader.amounts(4, "a pod")
            experiment[name] = ExperimentPod(
                events: numbers[0],
                requests: numbers[1],
                controlEvents: numbers[2],
                controlRequests: numbers[3]
            )
        }
        self.init(control: control, experiment: experiment, totals: totals, isCut: isCut)
    }
}

extension StateReader {
    fileprivate mutating func podName() throws(SequentialStateError) -> String {
        let bytes = try part("the name of a pod") ?? []
        guard bytes.count <= CountColumn.longestName, let name = String(validating: bytes, as: UTF8.self) else {
            throw .impossible("the name of a pod")
        }
        return name
    }

    fileprivate mutating func amounts(_ count: Int, _ field: String) throws(SequentialStateError) -> [Double] {
        let numbers = try numbers(count, field)
        guard numbers.allSatisfy({ $0 >= 0 }) else { throw .impossible(field) }
        return numbers
    }
}
