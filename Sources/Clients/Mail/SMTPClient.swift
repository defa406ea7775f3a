import Concurrency
package import HTTPTransport

/// Sends mail by SMTP over libcurl: a connection for each mail, one mail at a time, on a thread of its own.
package final class SMTPClient: MailSending {
    package struct Configuration: Sendable {
        /// `smtp://host:port`, or `smtps://` for TLS from the first byte.
        package var url: String
        /// Nothing is sent before STARTTLS.
        package var requiresTLS: Bool
        package var user: String?
        package var password: Secret?
        package var tls: TLSOptions
        package var timeout: Duration

        package init(
            url: String,
            requiresTLS: Bool,
            user: String? = nil,
            password: Secret? = nil,
            tls: TLSOptions = TLSOptions(),
            timeout: Duration = .seconds(30)
        ) {
            self.url = url
            self.requiresTLS = requiresTLS
            self.user = user
            self.password = password
            self.tls = tls
            self.timeout = timeout
        }
    }

    private let configuration: Configuration
    private let thread = SerialThread()

    package init(_ configuration: Configuration) {
        self.configuration = configuration
    }

    package func send(_ message: [UInt8], from: String, to: [String]) async throws(MailError) {
        let configuration = configuration
        let result = await thread.run { () -> Result<Void, MailError> in
            do throws(MailError) {
                return .success(try SMTPTransfer(configuration).send(message, from: from, to: to))
            } catch {
                return .failure(error)
            }
        }
        try result.get()
    }
}

/// Sends a mail. What delivers depends on this, so that it can be tested without sockets.
package protocol MailSending: Sendable {
    /// The message with its headers; its lines end with CR LF.
    func send(_ message: [UInt8], from: String, to: [String]) async throws(MailError)
}

/// Why a mail was not taken. One sentence, without the password.
package struct MailError: Error, Sendable, Equatable, CustomStringConvertible {
    package var description: String
    /// Another attempt may help, with the same settings or with mended ones.
    package var isTransient: Bool

    package init(_ description: String, isTransient: Bool) {
        self.description = description
        self.isTransient = isTransient
    }
}
