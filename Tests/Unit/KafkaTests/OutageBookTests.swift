import Testing

@testable import Kafka

@Suite("Outages in the log")
struct OutageBookTests {
    private let start = ContinuousClock.now
    private let down = KafkaError(code: .transport, rdKafkaCode: -195, message: "down", isRetriable: true)

    private func refused(_ topic: String) -> KafkaError {
        let right = KafkaRight(.write, .topic(topic))
        return KafkaError(code: .authorization, rdKafkaCode: 29, message: "needs \(right)", missingRight: right)
    }

    private func report(_ book: inout OutageBook, _ error: KafkaError, topic: String? = nil, at seconds: Int)
        -> OutageBook.Notice?
    {
        book.report(
            OutageBook.Subject(error, topic: topic),
            error.message,
            isPassing: error.isRetriable,
            at: self.start + .seconds(seconds)
        )
    }

    @Test("Brokers that are away are one outage, no matter which they are and how it shows")
    func brokers() {
        var book = OutageBook()
        #expect(self.report(&book, self.down, at: 0) == .began("down", isPassing: true))
        let late = KafkaError(code: .timedOut, message: "late", isRetriable: true)
        for second in 1...99 { #expect(self.report(&book, late, topic: "t\(second % 3)", at: second) == nil) }
        #expect(book.settle(at: self.start + .seconds(158)).isEmpty)
        #expect(book.settle(at: self.start + .seconds(159)) == [.ended("down", reports: 100, after: .seconds(99))])
        #expect(book.isEmpty)
        #expect(self.report(&book, self.down, at: 200) == .began("down", isPassing: true))
    }

    @Test("An outage that lasts is spoken of every ten minutes")
    func reminder() {
        var book = OutageBook()
        let notices = stride(from: 0, through: 1500, by: 10).compactMap { self.report(&book, self.down, at: $0) }
        #expect(
            notices == [
                .began("down", isPassing: true), .lasts("down", reports: 61, for: .seconds(600)),
                .lasts("down", reports: 121, for: .seconds(1200)),
            ]
        )
    }

    @Test("Each topic that is refused is said once, until it works")
    func rights() {
        var book = OutageBook()
        let (a, b) = (self.refused("a"), self.refused("b"))
        #expect(self.report(&book, a, topic: "a", at: 0) == .began(a.message, isPassing: false))
        #expect(self.report(&book, b, topic: "b", at: 0) == .began(b.message, isPassing: false))
        #expect(self.report(&book, a, topic: "a", at: 100) == nil)
        #expect(book.refusals == [a.message, b.message])
        #expect(book.worked(KafkaRight(.read, .topic("a"))) == nil)
        #expect(book.worked(KafkaRight(.write, .topic("a"))) == .ended(a.message, reports: 2, after: .seconds(100)))
        #expect(book.refusals == [b.message])
        #expect(book.settle(at: self.start + .seconds(149)).isEmpty)
        #expect(book.settle(at: self.start + .seconds(150)).count == 1)
    }

    @Test("What the library logs by itself is said once, and its end is not")
    func library() {
        var book = OutageBook()
        let subject = OutageBook.Subject.librdkafka(facility: "MAXPOLL")
        #expect(book.report(subject, "late", isPassing: true, at: self.start) != nil)
        #expect(book.report(subject, "later", isPassing: true, at: self.start + .seconds(1)) == nil)
        #expect(book.settle(at: self.start + .seconds(61)).isEmpty && book.isEmpty)
    }

    @Test("A right is asked for in the words of Kafka's tools")
    func sentences() {
        let known = ClientIdentity(["sasl.username": "shop", "group.id": "g"])
        #expect(
            known.sentence(KafkaRight(.read, .group("g"))) == "The principal 'User:shop' needs READ on the group 'g'."
        )
        #expect(
            ClientIdentity([:]).sentence(KafkaRight(.write, .transactionalID("x")))
                == "The principal of this client needs WRITE on the transactional id 'x'."
        )
    }

    @Test("Other errors are told apart by kind and topic")
    func kinds() {
        var book = OutageBook()
        let lost = KafkaError(code: .recordsLost, message: "3 records")
        #expect(self.report(&book, lost, topic: "a", at: 0) != nil)
        #expect(self.report(&book, lost, topic: "a", at: 0) == nil)
        #expect(self.report(&book, lost, topic: "b", at: 0) != nil)
        #expect(self.report(&book, KafkaError(code: .other, message: "x"), topic: "a", at: 0) != nil)
        #expect(book.refusals.isEmpty)
    }
}

@Suite("Pauses between producers that break")
struct ReplacementPauseTests {
    @Test("The pause doubles up to half a minute, and begins anew once a message was stored")
    func pauses() {
        let start = ContinuousClock.now
        var pause = ReplacementPause()
        #expect(pause.left(at: start) == .zero)
        var seconds: [Double] = []
        for _ in 0..<9 {
            pause.broke(at: start, jitter: 0.5)
            seconds.append(pause.left(at: start) / .seconds(1))
        }
        #expect(seconds == [0.5, 1, 2, 4, 8, 16, 30, 30, 30])
        pause.broke(at: start, jitter: 0)
        #expect(pause.left(at: start) == .seconds(22.5))
        #expect(pause.left(at: start + .seconds(60)) == .zero)
        pause.worked()
        #expect(pause.left(at: start) == .zero)
        pause.broke(at: start, jitter: 0.5)
        #expect(pause.left(at: start) == .milliseconds(500))
    }
}
