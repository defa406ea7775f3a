import Hummingbird
import NIOCore

/// The body of a request, whole and within its limit.
enum RequestBytes {
    /// The limit would be passed: found from the length that the caller gives, before anything is read, where there is one.
    struct TooMany: Error {}

    /// The body has no end: the caller hung up, or what it sends is no HTTP.
    struct BrokenOff: Error {
        let reason: String
    }

    /// For an answer before the body has been read: the rest of it is not waited for.
    static let closing: HTTPFields = [.connection: "close"]

    static func read(_ request: Request, maximumBytes: Int) async throws -> [UInt8] {
        if let length = request.headers[.contentLength].flatMap({ Int($0) }), length > maximumBytes { throw TooMany() }
        do {
            return Array(try await request.body.collect(upTo: maximumBytes).readableBytesView)
        } catch is NIOTooManyBytesError {
            throw TooMany()
        } catch let error as CancellationError {
            throw error
        } catch {
            throw BrokenOff(reason: "\(error)")
        }
    }
}
