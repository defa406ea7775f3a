/// What is said about an outage, however often something fails while it lasts: that it began, now and then that it lasts,
/// and that it has ended. No clock, no lock, no log.
package struct Outage<Instant: InstantProtocol & Sendable>: Sendable where Instant.Duration == Duration {
    package enum Notice: Sendable, Equatable {
        case began
        /// `failures` are all so far.
        case lasts(failures: Int, for: Duration)
        case ended(failures: Int, after: Duration)
    }

    private struct Course: Sendable {
        var began: Instant
        var last: Instant
        var said: Instant
        var failures = 1
    }

    /// How often an outage that lasts is spoken of.
    package static var reminder: Duration { .seconds(600) }

    private var course: Course?

    package init() {}

    /// When it began; nil while there is none.
    package var began: Instant? { course?.began }

    /// When something failed last; nil while there is no outage.
    package var lastFailure: Instant? { course?.last }

    /// Something has failed. Returns what is to be said about it.
    package mutating func failed(at now: Instant) -> Notice? {
        guard var course else {
            course = Course(began: now, last: now, said: now)
            return .began
        }
        course.last = now
        course.failures += 1
        defer { self.course = course }
        guard course.said.duration(to: now) >= Self.reminder else { return nil }
        course.said = now
        return .lasts(failures: course.failures, for: course.began.duration(to: now))
    }

    /// Everything works. Returns what is to be said about it: nothing where there was no outage.
    package mutating func ended(at now: Instant) -> Notice? {
        guard let course else { return nil }
        self.course = nil
        return .ended(failures: course.failures, after: course.began.duration(to: now))
    }
}
