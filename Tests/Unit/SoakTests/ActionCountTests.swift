import Testing

@testable import soak

@Suite struct ActionCountTests {
    private func action(_ application: String, _ action: String) -> WebhookAction {
        WebhookAction(application: application, action: action)
    }

    @Test func `each release has the action of its verdict once`() {
        let received = (0..<5).map { action("good-\($0)", GoodRelease($0).action) }
        let count = ActionCount(received, released: 5)
        #expect(count.outcome(of: 0..<5) == ActionCount.Outcome())
        #expect(count.answered == 5 && count.strangers.isEmpty)
    }

    @Test func `what is missing, twice, wrong or of no release is told`() {
        let received = [
            action("good-0", "promote"), action("good-0", "promote"), action("good-1", "abort"),
            action("good-7", "abort"),
            action("many-1", "promote"),
        ]
        let count = ActionCount(received, released: 3)
        let outcome = count.outcome(of: 0..<3)
        #expect(outcome.missing == 2 && outcome.doubled == 1)
        #expect(outcome.wrong == ["abort of good-1"])
        #expect(
            count.strangers == [
                "abort of good-7, which was not released", "promote of many-1, which was not released",
            ]
        )
    }
}
