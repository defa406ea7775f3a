/// Times and bounds of a transactional producer.
struct TransactionLimits: Sendable {
    /// For one transaction until its commit is known, and for one attempt to start.
    var transaction: Duration
    /// For aborting, at least, where less is left of the transaction's time.
    var abort = Duration.seconds(1)
    /// What a close or a cancellation leaves to what is under way.
    var grace = Duration.seconds(2)
    /// One blocking call. librdkafka resumes an operation when the call is repeated.
    var call = Duration.milliseconds(250)
    /// One call of an abort while messages have no report yet: the call waits for reports that we poll after it.
    var drainingAbort = Duration.milliseconds(50)
    /// Between two attempts after an error that may pass; events are polled meanwhile.
    var pause = Duration.milliseconds(50)
    /// Likewise after a call that blocked until its limit.
    var breath = Duration.milliseconds(5)
    /// Transactions that may wait for their turn.
    var maximumWaiting = 100
}
