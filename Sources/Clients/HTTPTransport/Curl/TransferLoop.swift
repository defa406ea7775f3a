import Concurrency

/// The body of the transfer thread: takes commands, drives libcurl, resumes those who wait.
///
/// Lives on its thread from start to end; only the mailbox is shared.
struct TransferLoop {
    private let mailbox: TransferMailbox
    private let multi: MultiHandle
    private let settings: TransferSettings
    private let heartbeat: Heartbeat
    private var queue: TransferQueue
    private let answers: SharedAnswerBudget
    private var transfers: [UInt64: Transfer] = [:]
    private var running: [UInt64: EasyHandle] = [:]
    private var idle: [EasyHandle] = []

    init(
        mailbox: TransferMailbox,
        multi: MultiHandle,
        settings: TransferSettings,
        queue: TransferQueue,
        budget: AnswerBudget,
        heartbeat: Heartbeat
    ) {
        self.mailbox = mailbox
        self.multi = multi
        self.settings = settings
        self.queue = queue
        answers = SharedAnswerBudget(budget)
        self.heartbeat = heartbeat
    }

    /// Returns after the mailbox is closed and every waiting caller has an answer.
    mutating func run() {
        while true {
            heartbeat.beat()
            let (commands, isClosed) = mailbox.drain()
            for command in commands { perform(command) }
            guard !isClosed else { break }
            answers.budget.takeBack(mailbox.drainReturnedBytes())
            expire()
            startWaiting()
            guard multi.perform() else { break }
            let finished = multi.takeFinished()
            for (easy, code) in finished { complete(easy, code) }
            // A slot that became free is used before the thread sleeps.
            if finished.isEmpty || queue.waitingCount == 0 { multi.poll(timeout: pollTimeout()) }
        }
        // Also when libcurl gave up: from here on no new request is accepted, and no caller is left waiting.
        mailbox.close()
        for command in mailbox.drain().commands { perform(command) }
        for id in Array(transfers.keys) { fail(id, .closed, "the client was closed") }
        idle.removeAll()
        multi.free()
        mailbox.finish()
    }

    private mutating func perform(_ command: TransferMailbox.Command) {
        switch command {
        case .start(let transfer):
            transfers[transfer.id] = transfer
            let share = min(AnswerBudget.firstShare, transfer.request.maximumResponseBytes)
            enqueue(transfer, share: share)
        case .cancel(let id):
            fail(id, .cancelled, "the request was cancelled")
        }
    }

    private mutating func enqueue(_ transfer: Transfer, share: Int) {
        let host = transfer.request.host
        queue.enqueue(.init(id: transfer.id, host: host, waitsUntil: transfer.waitsUntil, share: share))
    }

    private mutating func expire() {
        for entry in queue.expire(at: .now) {
            fail(entry.id, .overloaded, "no connection became free in time, because too many requests are under way")
        }
    }

    private mutating func startWaiting() {
        let answers = answers
        while let entry = queue.next(where: { answers.budget.begin($0.id, bytes: $0.share) }) {
            guard let transfer = transfers[entry.id] else {
                queue.finish(entry.id)
                answers.budget.end(entry.id)
                continue
            }
            do throws(HTTPError) {
                let easy: EasyHandle
                if let reused = idle.popLast() { easy = reused } else { easy = try EasyHandle() }
                try easy.prepare(transfer.request, settings, timeout: transfer.timeout, id: transfer.id) { bytes in
                    answers.budget.grow(entry.id, to: bytes)
                }
                try multi.add(easy)
                running[entry.id] = easy
            } catch {
                fail(entry.id, error.code, error.message)
            }
        }
    }

    private mutating func complete(_ id: UInt64, _ outcome: MultiHandle.Outcome) {
        guard let easy = running[id], let transfer = transfers[id] else { return }
        if easy.isCrowdedOut {
            release(id)
            return enqueue(transfer, share: transfer.request.maximumResponseBytes)
        }
        finish(id, easy.result(outcome, of: transfer.request))
    }

    private mutating func fail(_ id: UInt64, _ code: HTTPError.Code, _ reason: String) {
        guard let transfer = transfers[id] else { return }
        finish(id, .failure(HTTPError(code, "\(transfer.request.name): \(reason).")))
    }

    private mutating func finish(_ id: UInt64, _ result: Result<HTTPResponse, HTTPError>) {
        release(id)
        mailbox.finishedTransfer()
        transfers.removeValue(forKey: id)?.continuation.resume(returning: result.map(lent))
    }

    /// Counts an answer until its caller lets go of it.
    private func lent(_ response: HTTPResponse) -> HTTPResponse {
        guard answers.budget.isBounded, !response.body.isEmpty else { return response }
        answers.budget.handOver(response.body.count)
        var response = response
        response.lease = AnswerLease(bytes: response.body.count, mailbox: mailbox)
        return response
    }

    /// Gives back what a transfer has, wherever it is.
    private mutating func release(_ id: UInt64) {
        if let easy = running.removeValue(forKey: id) {
            multi.remove(easy)
            easy.reset()
            idle.append(easy)
        }
        queue.finish(id)
        answers.budget.end(id)
    }

    private mutating func pollTimeout() -> Duration {
        // libcurl wakes for its own timers and for the mailbox; those that wait need one more, and the heartbeat.
        let longest = Duration.seconds(10)
        guard let limit = queue.nextLimit else { return longest }
        return max(.zero, min(longest, limit - .now))
    }
}
