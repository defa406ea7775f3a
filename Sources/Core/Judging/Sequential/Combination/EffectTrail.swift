/// How a metric's effect went over the looks, at up to 60 of them spread over all.
package struct EffectTrail: Sendable, Equatable {
    package static let largestCount = 60
    /// Numbers of a point: look, ratio, lower, upper, evidence.
    static let width = 5
    /// Numbers beyond it are cut off; what is shown of them is only that they are large.
    private static let largest: Float = 1e9

    /// Ascending in looks, `width` numbers a point.
    private(set) var numbers: [Float] = []
    /// Of so many looks in a row one is kept: the last.
    private(set) var stride = 1

    package init() {}

    /// As it was stored; nil for numbers that are no trail.
    init?(numbers: [Float], stride: Int) {
        let looks = Swift.stride(from: 0, to: numbers.count, by: Self.width).map { numbers[$0] }
        guard numbers.count.isMultiple(of: Self.width), looks.count <= Self.largestCount, stride >= 1,
            numbers.allSatisfy({ $0.magnitude <= Self.largest }),
            looks.allSatisfy({ $0 >= 1 && $0 < 16_777_216 && $0.rounded() == $0 }),
            zip(looks, looks.dropFirst()).allSatisfy({ $0 < $1 })
        else { return nil }
        self.numbers = numbers
        self.stride = stride
    }

    package var count: Int { numbers.count / Self.width }

    /// To four decimals, as they are shown.
    package var points: [EffectPoint] {
        Swift.stride(from: 0, to: numbers.count, by: Self.width).map { start in
            func shown(_ index: Int) -> Double { (Double(numbers[start + index]) * 10_000).rounded() / 10_000 }
            return EffectPoint(
                look: Int(numbers[start]),
                ratio: shown(1),
                lower: shown(2),
                upper: shown(3),
                evidence: shown(4)
            )
        }
    }

    /// Records a look; one that is taken again takes the place of its first try.
    package mutating func record(_ point: EffectPoint) {
        let parts = [point.ratio, point.lower, point.upper, point.evidence]
        guard point.look >= 1, point.look < 1 << 24, parts.allSatisfy({ !$0.isNaN }) else { return }
        if let last = looks.last {
            guard last <= point.look else { return }
            if last == point.look || part(of: last) == part(of: point.look) { numbers.removeLast(Self.width) }
        }
        while count >= Self.largestCount {
            stride *= 2
            thin()
        }
        numbers.append(Float(point.look))
        numbers += parts.map { min(max(Float($0), -Self.largest), Self.largest) }
    }

    /// Of each part only the last look stays.
    private mutating func thin() {
        let looks = looks
        numbers = looks.indices.filter { $0 == looks.count - 1 || part(of: looks[$0]) != part(of: looks[$0 + 1]) }
            .flatMap { numbers[$0 * Self.width..<($0 + 1) * Self.width] }
    }

    private var looks: [Int] { Swift.stride(from: 0, to: numbers.count, by: Self.width).map { Int(numbers[$0]) } }

    /// Which of the analysis' parts of `stride` looks a look belongs to.
    private func part(of look: Int) -> Int { (look - 1) / stride }
}

extension EffectTrail {
    func write(to writer: inout StateWriter) {
        writer.write(stride)
        writer.write(count)
        for number in numbers { writer.write(number) }
    }

    init(from reader: inout StateReader) throws(SequentialStateError) {
        let stride = try reader.count("the distance of looks", upTo: 1 << 24)
        let count = try reader.count("the number of looks", upTo: Self.largestCount)
        guard let trail = EffectTrail(numbers: try reader.floats(count * Self.width), stride: stride) else {
            throw .impossible("the effect over the looks")
        }
        self = trail
    }
}
