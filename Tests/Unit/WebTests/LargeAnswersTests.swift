import Testing

@testable import Web

@Suite(.timeLimit(.minutes(5))) struct LargeAnswersTests {
    @Test("What is being sent has a bound, and its end makes room") func bytes() {
        let answers = LargeAnswers(maximumBytes: 100)
        var first = answers.place(for: 60)
        #expect(first != nil)
        #expect(answers.place(for: 41) == nil)
        let second = answers.place(for: 40)
        #expect(answers.heldBytes == 100)
        first = nil
        #expect(answers.heldBytes == 40)
        second?.keep()
    }

    @Test("One answer alone is sent, whatever it has") func alone() {
        let answers = LargeAnswers(maximumBytes: 100)
        let place = answers.place(for: 1000)
        #expect(place != nil)
        #expect(answers.place(for: 1) == nil)
        place?.keep()
    }

    @Test("Nothing is made while there is no room to send it") func notMade() async throws {
        let answers = LargeAnswers(maximumBytes: 100)
        let place = answers.place(for: 100)
        await #expect(throws: (any Error).self) {
            _ = try await answers.response {
                Issue.record("was made")
                return []
            }
        }
        place?.keep()
    }

    @Test("An answer that is never sent gives its place back") func dropped() async throws {
        let answers = LargeAnswers(maximumBytes: 100)
        do {
            let response = try await answers.response { [UInt8](repeating: 32, count: 50) }
            #expect(answers.heldBytes == 50)
            withExtendedLifetime(response) {}
        }
        #expect(answers.heldBytes == 0)
    }

    @Test(
        "A tag is named alone, in a list, as weak, or with any",
        arguments: [
            ("\"a\"", true), ("W/\"a\"", true), ("\"b\", W/\"a\"", true), ("*", true), ("\"b\"", false), ("a", false),
            ("", false), ("\"aa\"", false),
        ]
    )
    func tags(known: String, isNamed: Bool) {
        #expect(LargeAnswers.names("\"a\"", known) == isNamed)
    }
}
