/// How one version of the shop behaves.
package struct ShopBehaviour: Sendable, Equatable {
    /// The shortest time that a request of weight 1 takes, in milliseconds.
    package var latencyMilliseconds: Double
    /// Up to this much is added, evenly spread, in milliseconds.
    package var jitterMilliseconds: Double
    /// The share of requests answered with 500, from 0 to 1.
    package var errorRatio: Double

    package static let healthy = ShopBehaviour(latencyMilliseconds: 60, jitterMilliseconds: 40, errorRatio: 0)

    package init(latencyMilliseconds: Double, jitterMilliseconds: Double, errorRatio: Double) {
        self.latencyMilliseconds = latencyMilliseconds
        self.jitterMilliseconds = jitterMilliseconds
        self.errorRatio = errorRatio
    }
}

/// The pages of the shop.
enum ShopHandler: String, Sendable, CaseIterable {
    case products
    case cart
    case checkout

    /// How much longer than a version's base latency the page takes.
    var work: Double {
        switch self {
        case .products: 1
        case .cart: 0.8
        case .checkout: 1.6
        }
    }
}

/// The two sides of the traffic split, as the label `track` spells them.
enum ShopTrack: String, Sendable, CaseIterable {
    case stable
    case canary
}
