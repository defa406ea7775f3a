import Testing

@testable import Web

@Suite struct ConnectionLedgerTests {
    private typealias Ledger = ConnectionLedger<Int>

    @Test func thereIsRoomForSoMany() {
        var ledger = Ledger(maximum: 2, maximumOfPeer: 2)
        #expect(ledger.open(1, peer: "a") == .admitted)
        #expect(ledger.open(2, peer: "b") == .admitted)
        ledger.close(1)
        ledger.close(1)
        #expect(ledger.open(3, peer: "a") == .admitted)
        #expect(ledger.count == 2)
    }

    @Test func theOneThatIsIdleLongestMakesRoom() {
        var ledger = Ledger(maximum: 3, maximumOfPeer: 3)
        for id in 1...3 { _ = ledger.open(id, peer: "a") }
        // The first has asked for something since, and was answered.
        ledger.note(.answering, of: 1)
        ledger.note(.idle, of: 1)
        #expect(ledger.open(4, peer: "a") == .insteadOf(2))
        #expect(ledger.open(5, peer: "a") == .insteadOf(3))
        #expect(ledger.open(6, peer: "a") == .insteadOf(1))
        #expect(ledger.count == 3)
    }

    @Test func oneThatStillSendsMakesRoomWhereNoneIsIdle() {
        var ledger = Ledger(maximum: 2, maximumOfPeer: 2)
        for id in 1...2 { _ = ledger.open(id, peer: "a") }
        ledger.note(.receiving, of: 1)
        #expect(ledger.open(3, peer: "a") == .insteadOf(2))
        ledger.note(.answering, of: 3)
        #expect(ledger.open(4, peer: "a") == .insteadOf(1))
        ledger.note(.answering, of: 4)
        #expect(ledger.open(5, peer: "a") == .refused)
        #expect(ledger.count == 2)
    }

    @Test func onePeerCannotHaveAllOfThem() {
        var ledger = Ledger(maximum: 4, maximumOfPeer: 2)
        for id in 1...2 { _ = ledger.open(id, peer: "a") }
        #expect(ledger.open(3, peer: "b") == .admitted)
        // The idle one of another peer stays.
        #expect(ledger.open(4, peer: "a") == .insteadOf(1))
        for id in [2, 4] { ledger.note(.answering, of: id) }
        #expect(ledger.open(5, peer: "a") == .refused)
        #expect(ledger.open(6, peer: "b") == .admitted)
        #expect(ledger.count == 4)
    }

    @Test func streamsTakeNoPlaceAndMakeNoRoom() {
        var ledger = Ledger(maximum: 2, maximumOfPeer: 1)
        for id in 1...5 {
            #expect(ledger.open(id, peer: "a") == .admitted)
            ledger.note(.streaming, of: id)
        }
        // It stays one until it is closed.
        ledger.note(.idle, of: 1)
        #expect(ledger.open(6, peer: "a") == .admitted)
        #expect(ledger.open(7, peer: "a") == .insteadOf(6))
        for id in 1...5 { ledger.close(id) }
        #expect(ledger.open(8, peer: "a") == .insteadOf(7))
        #expect(ledger.count == 1)
    }
}
