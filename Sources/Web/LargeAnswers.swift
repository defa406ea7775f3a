import Concurrency
import Foundation
import Hummingbird
import NIOCore
import Synchronization
import Text

/// Answers that cost much to make and to keep: few are made at a time, and what those that are being sent have together
/// is bounded, however slowly their callers read.
final class LargeAnswers: Sendable {
    /// At most half of the processors make them, so that the other half judges.
    static let madeAtATime = max(1, ProcessInfo.processInfo.activeProcessorCount / 2)
    /// Requests that wait for their turn; further ones are told to come again.
    static let mostWaiting = 256
    static let maximumBytes = 64 << 20

    private let turns = AsyncSemaphore(permits: LargeAnswers.madeAtATime)
    private let maximumBytes: Int
    private let held = Mutex(0)
    private let asked = FewAtATime(
        LargeAnswers.madeAtATime + LargeAnswers.mostWaiting,
        "large answers are being made or waited for",
        retryAfter: 5
    )

    init(maximumBytes: Int = LargeAnswers.maximumBytes) {
        self.maximumBytes = maximumBytes
    }

    var heldBytes: Int { held.withLock { $0 } }

    /// The answer with the bytes that `make` gives, once it is its turn; 503 while too much is being sent.
    ///
    /// - Parameter known: the tag of what the caller has: the same again is answered with 304. Nil where it has nothing.
    func response(
        _ headers: HTTPFields = JSONBody.headers,
        unless known: String? = nil,
        _ make: @Sendable () async throws -> [UInt8]
    ) async throws -> Response {
        try await asked.run { try await answer(headers, unless: known, make) }
    }

    private func answer(
        _ headers: HTTPFields,
        unless known: String?,
        _ make: @Sendable () async throws -> [UInt8]
    ) async throws -> Response {
        // Asked before the work is done, and again when the size is known.
        guard heldBytes < maximumBytes else { throw Self.busy }
        guard await turns.enter() else { throw Self.busy }
        defer { turns.leave() }
        let bytes = try await make()
        var headers = headers
        let tag = "\"\(String(FNV1a64.hash(bytes), radix: 16))\""
        headers[.eTag] = tag
        if let known, Self.names(tag, known) { return Response(status: .notModified, headers: headers) }
        guard let place = place(for: bytes.count) else { throw Self.busy }
        let buffer = ByteBuffer(bytes: bytes)
        return Response(
            status: .ok,
            headers: headers,
            body: ResponseBody(contentLength: bytes.count) { writer in
                try await writer.write(buffer)
                try await writer.finish(nil)
                place.keep()
            }
        )
    }

    /// Whether `If-None-Match` names the tag: a list of tags, each of which may be marked as weak, or any (RFC 9110, 13.1.2).
    static func names(_ tag: String, _ known: String) -> Bool {
        known.split(separator: ",").contains { part in
            let part = part.trimmingPrefix { $0 == " " || $0 == "\t" }
            let known = String((part.hasPrefix("W/") ? part.dropFirst(2) : part).prefix { $0 != " " && $0 != "\t" })
            return known == "*" || known == tag
        }
    }

    /// Counts bytes for as long as anything keeps the place; nil when there is no room.
    func place(for bytes: Int) -> Place? {
        let hasRoom = held.withLock { held in
            // One answer alone is sent, whatever it has.
            guard held == 0 || bytes <= maximumBytes - held else { return false }
            held += bytes
            return true
        }
        return hasRoom ? Place(bytes, in: self) : nil
    }

    final class Place: Sendable {
        private let bytes: Int
        private let answers: LargeAnswers

        fileprivate init(_ bytes: Int, in answers: LargeAnswers) {
            self.bytes = bytes
            self.answers = answers
        }

        /// Does nothing but live until here.
        func keep() {}

        deinit { answers.held.withLock { $0 -= bytes } }
    }

    private static var busy: HTTPError {
        HTTPError(
            .serviceUnavailable,
            headers: [.retryAfter: "5"],
            message: "too many large answers are being made or sent; ask again in some seconds"
        )
    }
}
