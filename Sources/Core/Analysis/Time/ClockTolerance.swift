/// How far a time may lie ahead of a clock that is right. One that is further ahead was written by a clock that is wrong,
/// or by a sender that lies.
package enum ClockTolerance {
    package static let ahead = Duration.seconds(300)

    package static func isFuture(_ time: Timestamp, at now: Timestamp) -> Bool { time.since(now) > ahead }
}
