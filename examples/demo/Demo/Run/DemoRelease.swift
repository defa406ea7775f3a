/// A release of the shop, and how it should end.
package struct DemoRelease: Sendable, Equatable {
    package enum Ending: String, Sendable {
        /// The final verdict is pass; the version gets all traffic.
        case promoted
        /// The final verdict is fail; the version gets none.
        case aborted
    }

    package var version: String
    package var behaviour: ShopBehaviour
    package var ending: Ending
    /// The look at which it should have ended, if not before; nil where any will do.
    package var latestLook: Int?
    /// What is so about the version, for a person.
    package var summary: String

    package init(
        version: String,
        behaviour: ShopBehaviour,
        ending: Ending,
        latestLook: Int? = nil,
        summary: String
    ) {
        self.version = version
        self.behaviour = behaviour
        self.ending = ending
        self.latestLook = latestLook
        self.summary = summary
    }

    package static let healthy = DemoRelease(
        version: "1.1.0",
        behaviour: .healthy,
        ending: .promoted,
        summary: "as good as the version before"
    )

    package static let broken = DemoRelease(
        version: "1.2.0",
        behaviour: ShopBehaviour(latencyMilliseconds: 140, jitterMilliseconds: 40, errorRatio: 0.08),
        ending: .aborted,
        latestLook: 2,
        summary: "twice as slow, and 8 % of requests fail"
    )

    /// Too little for a look or two to be sure of by eye.
    package static let slower = DemoRelease(
        version: "1.3.0",
        behaviour: ShopBehaviour(latencyMilliseconds: 69, jitterMilliseconds: 46, errorRatio: 0),
        ending: .aborted,
        summary: "15 % slower, and no errors"
    )

    /// In the order in which they are released.
    package static let all = [healthy, broken, slower]
}
