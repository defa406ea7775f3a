package import Concurrency

/// An HTTP client over libcurl: one thread, one multi handle, connections kept and shared by all requests.
///
/// Only http and https, never a redirect, always a time limit and a size limit. ``close()`` it, or let go of it:
/// either ends the thread.
package final class HTTPClient: HTTPExecuting {
    private let transport: CurlTransport
    private let retrying: RetryingExecutor
    private let secrets: @Sendable () -> [String]

    /// Throws ``HTTPError`` when libcurl or the system has nothing left for another client.
    package init(configuration: Configuration = .init(), environment: RetryEnvironment = .system) throws(HTTPError) {
        transport = try CurlTransport(configuration)
        secrets = { configuration.secrets }
        retrying = RetryingExecutor(transport, policy: configuration.retry, environment: environment)
    }

    deinit {
        transport.mailbox.close()
    }

    /// Libcurl is set up for the process: whatever else uses it asks here first.
    package static var isLibraryReady: Bool { Libcurl.isInitialised }

    package func execute(_ request: HTTPRequest) async throws(HTTPError) -> HTTPResponse {
        try await retrying.execute(request)
    }

    package func redacted(_ words: String) -> String { Redaction.words(words, known: secrets()) }

    /// Fails what is unfinished with `closed`, ends every connection and returns when the thread has ended.
    package func close() async {
        transport.mailbox.close()
        await transport.mailbox.waitUntilFinished()
    }
}
