import Testing

@testable import Web

@Suite struct EventsUnderWayTests {
    @Test func thereIsRoomForSoManyAndAgainWhenOneLeaves() {
        let underWay = EventsUnderWay()
        for _ in 0..<EventsUnderWay.most { #expect(underWay.enter()) }
        #expect(!underWay.enter())
        underWay.leave()
        #expect(underWay.enter())
        #expect(!underWay.enter())
    }
}
