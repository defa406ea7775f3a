/// A release of the shop, and how it should end.
package struct DemoRelease: Sendable, Equatable {
    package enum Ending: String, Sendable {
        /// The final verdict is pass; the version gets all traffic.
        case promoted
        /// The final verdict is fail, before the last look; the version gets none.
        case aborted
    }

    package var version: String
    package var behaviour: ShopBehaviour
    package var ending: Ending
    /// What is so about the version, for a person.
    package var summary: String

    package init(version: String, behaviour: ShopBehaviour, ending: Ending, summary: String) {
        self.version = version
        self.behaviour = behaviour
        self.ending = ending
        self.summary = summary
    }

    package static let healthy = DemoRelease(
        version: "1.1.0",
        behaviour: ShopBehaviour(latencyMilliseconds: 31, jitterMilliseconds: 20, errorRatio: 0),
        ending: .promoted,
        summary: "as good as the version before"
    )

    package static let broken = DemoRelease(
        version: "1.2.0",
        behaviour: ShopBehaviour(latencyMilliseconds: 70, jitterMilliseconds: 20, errorRatio: 0.08),
        ending: .aborted,
        summary: "twice as slow, and 8 % of requests fail"
    )
}
