import CCurl
import HTTPTransport

/// One conversation with a mail server, on the calling thread.
final class SMTPTransfer {
    private let raw: UnsafeMutableRawPointer
    private var recipients: UnsafeMutablePointer<curl_slist>?
    private let errorText: UnsafeMutablePointer<CChar>
    private let configuration: SMTPClient.Configuration
    private var message: ArraySlice<UInt8> = []

    init(_ configuration: SMTPClient.Configuration) throws(MailError) {
        guard HTTPClient.isLibraryReady, let raw = curl_easy_init() else {
            throw MailError("libcurl has no memory for a mail", isTransient: true)
        }
        self.raw = raw
        self.configuration = configuration
        errorText = .allocate(capacity: Int(CURL_ERROR_SIZE))
        errorText.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
    }

    deinit {
        curl_easy_cleanup(raw)
        curl_slist_free_all(recipients)
        errorText.deallocate()
    }

    func send(_ message: [UInt8], from: String, to: [String]) throws(MailError) {
        self.message = message[...]
        try prepare(from: from, to: to)
        let code = curl_easy_perform(raw)
        guard code == CURLE_OK else { throw failure(code) }
    }

    private func prepare(from: String, to: [String]) throws(MailError) {
        try set(CURLOPT_PROTOCOLS_STR, "smtp,smtps")
        try set(CURLOPT_URL, configuration.url)
        try set(CURLOPT_USE_SSL, Int(configuration.requiresTLS ? CURLUSESSL_ALL.rawValue : CURLUSESSL_NONE.rawValue))
        try set(CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
        if let file = configuration.tls.caFile {
            try set(CURLOPT_CAINFO, file)
            // The system's folder of authorities would be trusted beside the file.
            try check(CCurl_easy_setopt_string(raw, CURLOPT_CAPATH, nil))
        }
        if let user = configuration.user {
            try set(CURLOPT_USERNAME, user)
            try set(CURLOPT_PASSWORD, configuration.password?.value ?? "")
        }
        try set(CURLOPT_NOSIGNAL, 1)
        let milliseconds = Int(max(1, configuration.timeout / .milliseconds(1)))
        try set(CURLOPT_TIMEOUT_MS, milliseconds)
        try set(CURLOPT_CONNECTTIMEOUT_MS, min(milliseconds, 5_000))
        try check(CCurl_easy_setopt_private_sockets(raw))
        try check(CCurl_easy_setopt_pointer(raw, CURLOPT_ERRORBUFFER, errorText))
        try set(CURLOPT_MAIL_FROM, "<\(from)>")
        for address in to {
            guard let list = curl_slist_append(recipients, "<\(address)>") else {
                throw MailError("libcurl has no memory for a mail", isTransient: true)
            }
            recipients = list
        }
        try check(CCurl_easy_setopt_list(raw, CURLOPT_MAIL_RCPT, recipients))
        try set(CURLOPT_UPLOAD, 1)
        try check(CCurl_easy_setopt_pointer(raw, CURLOPT_READDATA, Unmanaged.passUnretained(self).toOpaque()))
        try check(
            CCurl_easy_setopt_function(raw, CURLOPT_READFUNCTION) { bytes, size, count, context in
                guard let context, let bytes else { return 0 }
                let transfer = Unmanaged<SMTPTransfer>.fromOpaque(context).takeUnretainedValue()
                return transfer.read(into: UnsafeMutableRawBufferPointer(start: bytes, count: size * count))
            }
        )
        // What the server says goes nowhere, and not to standard output.
        try check(
            CCurl_easy_setopt_function(raw, CURLOPT_WRITEFUNCTION) { _, size, count, _ in size * count }
        )
    }

    /// The next part of the message; 0 at its end.
    private func read(into buffer: UnsafeMutableRawBufferPointer) -> Int {
        let part = message.prefix(buffer.count)
        buffer.copyBytes(from: part)
        message = message.dropFirst(part.count)
        return part.count
    }

    /// A refusal for good (5xx) stays one, but for a password that can be mended.
    private func failure(_ code: CURLcode) -> MailError {
        var answer = 0
        CCurl_easy_getinfo_long(raw, CURLINFO_RESPONSE_CODE, &answer)
        let text = errorText[0] == 0 ? String(cString: curl_easy_strerror(code)) : String(cString: errorText)
        let isRefused = (500...599).contains(answer) && code != CURLE_LOGIN_DENIED && code != CURLE_USE_SSL_FAILED
        let detail = Redaction.words(text, known: [configuration.password?.value].compactMap(\.self))
        return MailError("the mail server: \(detail)", isTransient: !isRefused)
    }

    private func set(_ option: CURLoption, _ value: Int) throws(MailError) {
        try check(CCurl_easy_setopt_long(raw, option, value))
    }

    private func set(_ option: CURLoption, _ value: String) throws(MailError) {
        guard !value.utf8.contains(where: { $0 < 32 || $0 == 127 }) else {
            throw MailError("a setting of the mail server holds a control character", isTransient: true)
        }
        try check(CCurl_easy_setopt_string(raw, option, value))
    }

    private func check(_ code: CURLcode) throws(MailError) {
        guard code == CURLE_OK else {
            let text = String(cString: curl_easy_strerror(code))
            throw MailError("libcurl refused a setting: \(text)", isTransient: true)
        }
    }
}
