import Hummingbird
import Store
import Testing

@testable import Web

@Suite struct StoreFailureTests {
    @Test(arguments: StoreError.Code.allCases)
    func whatIsSaidIsTrue(code: StoreError.Code) {
        let taking = StoreFailure(error: StoreError(code, "why"), activity: .takingIn)
        let reading = StoreFailure(error: StoreError(code, "why"), activity: .reading)
        // Only where it is known that nothing was written.
        #expect(taking.sentence.contains("nothing was taken in") == (code != .unknown))
        #expect(!reading.sentence.contains("taken in"))
        let isPermanent = code == .corrupt || code == .schema
        for failure in [taking, reading] {
            #expect(failure.status == (isPermanent ? .internalServerError : .serviceUnavailable))
            #expect((failure.retryAfter == nil) == isPermanent)
            #expect(failure.sentence.contains("again") != isPermanent)
            #expect(failure.sentence.contains("operator") == isPermanent)
            #expect(!failure.sentence.contains("why"))
        }
    }
}
