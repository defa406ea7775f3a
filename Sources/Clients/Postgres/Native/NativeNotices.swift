internal import CPostgres
import Logging

/// Takes the server's notices to the log instead of standard error.
final class NativeNotices {
    private let logger: Logger

    init(logger: Logger) {
        self.logger = logger
    }

    /// The connection must be closed before this object goes.
    func attach(to connection: OpaquePointer) {
        PQsetNoticeReceiver(
            connection,
            { context, result in
                guard let context, let result else { return }
                Unmanaged<NativeNotices>.fromOpaque(context).takeUnretainedValue().log(result)
            },
            Unmanaged.passUnretained(self).toOpaque()
        )
    }

    private func log(_ result: OpaquePointer) {
        let text = CPostgres_error_message(result).map { String(cString: $0) } ?? ""
        let sqlState = CPostgres_error_sqlstate(result).map { String(cString: $0) } ?? ""
        self.logger.debug("the server gave a notice", metadata: ["notice": "\(text)", "sqlState": "\(sqlState)"])
    }
}
