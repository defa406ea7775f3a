import Text

/// Which values of a label the control has had, and how many events the experiment has of the others.
///
/// A series of the control that is there counts, also at 0: it has had the value at some time. At most 100 values of each
/// side are kept; beyond that nothing is called new.
struct NewValueTallies: Sendable, Equatable {
    /// What the control has had, before the release or since.
    private(set) var known: Set<String> = []
    /// Events of the experiment, of other values.
    private(set) var seen: [String: Double] = [:]
    /// Some values are not kept, or could not be asked for.
    private(set) var isCut = false
    /// The time before the release is known.
    private(set) var hasHistory = false

    /// Values that are shown.
    private static let shownCount = 5

    init(history: LabelledEvents?) {
        guard let history else { return }
        hasHistory = true
        isCut = history.isCut
        for value in history.values where value.events.contains(where: { !$0.isNaN }) { learn(value.name) }
    }

    /// Takes in a step; nil where the values could not be asked for.
    mutating func fold(_ step: Int, _ sides: LabelledSides?) {
        guard let sides else {
            isCut = true
            return
        }
        isCut = isCut || sides.control.isCut || sides.experiment.isCut
        for value in sides.control.values where !CountsComparison.value(value.events, step).isNaN { learn(value.name) }
        for value in sides.experiment.values where !known.contains(value.name) {
            let events = CountsComparison.value(value.events, step)
            guard OpenUnit.isCount(events), events > 0 else { continue }
            if seen[value.name] == nil, seen.count >= LabelledEvents.largestCount {
                isCut = true
                continue
            }
            seen[value.name, default: 0] += events
        }
    }

    private mutating func learn(_ name: String) {
        guard !known.contains(name) else { return }
        guard known.count < LabelledEvents.largestCount else {
            isCut = true
            return
        }
        known.insert(name)
        seen[name] = nil
    }

    func evidence(by rule: NewValuesRule) -> NewValuesEvidence {
        let new = isCut ? [] : seen.filter { $0.value >= rule.atLeast - 1e-9 }
        let ordered = new.sorted { $0.value == $1.value ? $0.key < $1.key : $0.value > $1.value }
        return NewValuesEvidence(
            label: rule.label,
            treatment: NewValuesEvidence.Treatment(rule.policy),
            values: ordered.prefix(Self.shownCount).map { NewValuesEvidence.Value(name: $0.key, events: $0.value) },
            others: max(0, ordered.count - Self.shownCount),
            isCut: isCut,
            hasHistory: hasHistory
        )
    }
}

extension NewValueTallies {
    func write(to writer: inout StateWriter) {
        writer.write(isCut)
        writer.write(hasHistory)
        writer.write(known.count)
        for name in known.sorted() { writer.write(name: name) }
        writer.write(seen.count)
        for (name, events) in seen.sorted(by: { $0.key < $1.key }) {
            writer.write(name: name)
            writer.write(events)
        }
    }

    init(from reader: inout StateReader) throws(SequentialStateError) {
        isCut = try reader.flag("whether values are missing")
        hasHistory = try reader.flag("whether there is a history")
        for _ in 0..<(try reader.count("values of a label", upTo: LabelledEvents.largestCount)) {
            known.insert(try reader.name())
        }
        for _ in 0..<(try reader.count("values of a label", upTo: LabelledEvents.largestCount)) {
            let name = try reader.name()
            seen[name] = try reader.amount("events of a value")
        }
    }
}

extension StateWriter {
    fileprivate mutating func write(name: String) { write(part: Array(name.utf8)) }
}

extension StateReader {
    fileprivate mutating func name() throws(SequentialStateError) -> String {
        guard let bytes = try part("a value of a label"), bytes.count <= LabelledEvents.longestName,
            let name = String(validating: bytes, as: UTF8.self), !name.holdsUnprintable
        else { throw .impossible("a value of a label") }
        return name
    }
}
