import Testing

@testable import Judging

@Suite struct TotalOrderTests {
    @Test func ordersEveryKindOfNumber() {
        let ascending: [Double] = [
            -.infinity, -1e308, -1, -.leastNonzeroMagnitude, -0.0, 0.0, .leastNonzeroMagnitude, 1, 1e308, .infinity,
        ]
        for (lower, upper) in zip(ascending, ascending.dropFirst()) {
            #expect(TotalOrder(lower) < TotalOrder(upper))
        }
    }

    @Test(arguments: [Double.nan, -.nan, .signalingNaN])
    func tiesNaNWithInfinity(value: Double) {
        #expect(TotalOrder(value) == TotalOrder(.infinity))
    }
}
