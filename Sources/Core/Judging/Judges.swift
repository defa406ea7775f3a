/// The judges that a plan may name.
package enum Judges {
    private static let all: [any Judge] = [SequentialJudge(), NetflixACAJudge(), ConditionsJudge()]

    /// Every judge's name, in a fixed order.
    package static var names: [String] { all.map { type(of: $0).name } }

    /// The judge of that exact name; nil when there is none.
    package static func named(_ name: String) -> (any Judge)? {
        all.first { type(of: $0).name == name }
    }
}
