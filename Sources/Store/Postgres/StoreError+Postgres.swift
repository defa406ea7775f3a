import Postgres
import StoredFormats

extension StoreError {
    /// What Postgres reports for a statement that is a transaction by itself: when the connection breaks, it was done or
    /// it was not.
    init(writing error: any Error) {
        if let error = error as? PostgresError, error.code == .connectionLost {
            self.init(.unknown, error.message)
        } else {
            self.init(reading: error)
        }
    }

    /// What Postgres reports where nothing is done unless it is said to be.
    init(reading error: any Error) {
        if let known = error as? StoreError {
            self = known
            return
        }
        if let error = error as? FormError {
            self.init(error)
            return
        }
        if error is DecodingError {
            self.init(.corrupt, "a stored value cannot be read: \(String(describing: error).prefix(200))")
            return
        }
        guard let error = error as? PostgresError else {
            self.init(.unavailable, String(String(describing: error).prefix(300)))
            return
        }
        let message = String(error.message.prefix(300))
        switch error.code {
        case .commitOutcomeUnknown: self.init(.unknown, message)
        case .diskFull: self.init(.full, message)
        case .decoding: self.init(.corrupt, message)
        case .statement where error.sqlState == "ASY01":
            self.init(.conflict, "another replica has written or claimed it since")
        // A table, column or function that is not there: the database is not the one that was verified.
        case .statement where ["42P01", "42703", "42883"].contains(error.sqlState): self.init(.schema, message)
        default: self.init(.unavailable, message)
        }
    }
}
