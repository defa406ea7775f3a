/// Counts the body of an answer for as long as anything keeps the answer.
final class AnswerLease: Sendable {
    private let bytes: Int
    private let mailbox: TransferMailbox

    init(bytes: Int, mailbox: TransferMailbox) {
        self.bytes = bytes
        self.mailbox = mailbox
    }

    deinit { mailbox.giveBack(bytes) }
}
