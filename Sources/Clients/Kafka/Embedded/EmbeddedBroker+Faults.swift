import Synchronization

/// What a broker does in bad times: for this module's tests alone.
extension EmbeddedBroker {
    /// Lets every answer take that long: to try out what happens while one is awaited. Zero to end it.
    func setRoundTrip(_ time: Duration) {
        self.cluster.withLock { $0?.setRoundTrip(milliseconds: Int32(clamping: max(0, time.wholeMilliseconds))) }
    }

    /// Answers the next requests of a kind with faults, one each in this order, and all later ones as ever.
    ///
    /// Many of a fault that clients retry hold up the client that makes the request, until `answerNormally`.
    func answer(_ request: Request, with faults: [Fault]) {
        self.cluster.withLock { $0?.answer(request.rawValue, with: faults.map(\.rawValue)) }
    }

    /// Answers the next request of a kind, at each broker, after a delay.
    func answer(_ request: Request, after delay: Duration, with fault: Fault = .none) {
        let milliseconds = Int32(clamping: max(0, delay.wholeMilliseconds))
        self.cluster.withLock { $0?.answer(request.rawValue, with: fault.rawValue, afterMilliseconds: milliseconds) }
    }

    /// Forgets what is left of the faults of a kind of request that have no delay.
    func answerNormally(_ request: Request) {
        self.cluster.withLock { $0?.answerNormally(request.rawValue) }
    }
}

extension EmbeddedBroker {
    /// Kinds of requests, as Kafka's protocol numbers them.
    enum Request: Int16, Sendable, CaseIterable {
        case produce = 0
        case fetch = 1
        case listOffsets = 2
        case metadata = 3
        case commitOffsets = 8
        case findCoordinator = 10
        case joinGroup = 11
        case heartbeat = 12
        case initialiseProducerID = 22
        case addPartitionsToTransaction = 24
        case endTransaction = 26
    }

    /// What a request is answered with, as Kafka's protocol numbers it.
    enum Fault: Int32, Sendable, CaseIterable {
        /// The connection is closed, so the client does not know whether the request was carried out.
        case disconnect = -195
        /// No fault: for a delay, or to let a request pass between others.
        case none = 0
        case notLeader = 6
        case messageTooLarge = 10
        case coordinatorLoading = 14
        case coordinatorNotAvailable = 15
        case notCoordinator = 16
        case notEnoughReplicas = 19
        case topicNotAllowed = 29
        case groupNotAllowed = 30
        case clusterNotAllowed = 31
        case producerEpochOutdated = 47
        case transactionStateInvalid = 48
        case concurrentTransactions = 51
        case transactionalIDNotAllowed = 53
        case producerFenced = 90
    }
}
