/// Doubles in the order that ranking uses: -0.0 below 0.0, and NaN tied with +infinity at the end.
///
/// Java's `Double.compare` with commons-math's `NaNStrategy.MAXIMAL`. The key is the bit pattern with the magnitude of
/// negative numbers inverted, so that comparing integers orders the numbers.
struct TotalOrder: Comparable {
    private var key: Int64

    init(_ value: Double) {
        let bits = Int64(bitPattern: (value.isNaN ? .infinity : value).bitPattern)
        key = bits >= 0 ? bits : bits ^ .max
    }

    static func < (left: TotalOrder, right: TotalOrder) -> Bool {
        left.key < right.key
    }
}
