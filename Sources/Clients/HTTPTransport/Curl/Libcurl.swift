import CCurl

// The only file that calls libcurl.

/// The library as a whole.
enum Libcurl {
    /// Set up once for the process; false when libcurl refuses.
    static let isInitialised = CCurl_global_init() == CURLE_OK

    /// `scheme://host:port` of an absolute http or https URL. Throws ``HTTPError`` `invalidURL`.
    static func host(of url: String) throws(HTTPError) -> String {
        let invalid = HTTPError(.invalidURL, "\"\(Redaction.url(url))\" is not an absolute http or https URL.")
        guard !url.utf8.contains(0), url.utf8.count <= 64 << 10, let handle = curl_url() else { throw invalid }
        defer { curl_url_cleanup(handle) }
        guard curl_url_set(handle, CURLUPART_URL, url, 0) == CURLUE_OK,
            let scheme = part(CURLUPART_SCHEME, of: handle)?.lowercased(), scheme == "http" || scheme == "https",
            let host = part(CURLUPART_HOST, of: handle)?.lowercased(), !host.isEmpty
        else { throw invalid }
        let port = part(CURLUPART_PORT, of: handle) ?? (scheme == "https" ? "443" : "80")
        return "\(scheme)://\(host):\(port)"
    }

    private static func part(_ part: CURLUPart, of handle: OpaquePointer) -> String? {
        var text: UnsafeMutablePointer<CChar>?
        guard curl_url_get(handle, part, &text, 0) == CURLUE_OK, let text else { return nil }
        defer { curl_free(text) }
        return String(cString: text)
    }

    fileprivate static func milliseconds(_ duration: Duration) -> Int {
        let (seconds, attoseconds) = duration.components
        // At least one: libcurl reads zero as "no limit".
        return Int(max(1, min(seconds, 1_000_000_000) * 1000 + attoseconds / 1_000_000_000_000_000))
    }
}

/// A multi handle: all transfers of one client and their connections.
///
/// `@unchecked Sendable` because `curl_multi_wakeup` may be called from any thread; everything else is called by the
/// transfer thread alone. The thread frees it when the mailbox is closed; no caller wakes it after that.
final class MultiHandle: @unchecked Sendable {
    /// How libcurl ended a transfer.
    struct Outcome {
        fileprivate var code: CURLcode
    }

    private let raw: UnsafeMutableRawPointer
    private var isFreed = false

    init(maximumConnections: Int, maximumConnectionsPerHost: Int) throws(HTTPError) {
        guard Libcurl.isInitialised, let raw = curl_multi_init() else {
            throw HTTPError(.protocolError, "libcurl could not be set up.")
        }
        self.raw = raw
        CCurl_multi_setopt_long(raw, CURLMOPT_MAX_TOTAL_CONNECTIONS, maximumConnections)
        CCurl_multi_setopt_long(raw, CURLMOPT_MAX_HOST_CONNECTIONS, maximumConnectionsPerHost)
        CCurl_multi_setopt_long(raw, CURLMOPT_MAXCONNECTS, maximumConnections)
        CCurl_multi_setopt_long(raw, CURLMOPT_PIPELINING, Int(CURLPIPE_MULTIPLEX))
    }

    deinit {
        free()
    }

    /// Ends every connection. Nothing else may be called afterwards.
    func free() {
        guard !isFreed else { return }
        isFreed = true
        curl_multi_cleanup(raw)
    }

    func wakeup() {
        curl_multi_wakeup(raw)
    }

    func add(_ easy: EasyHandle) throws(HTTPError) {
        let code = curl_multi_add_handle(raw, easy.raw)
        guard code == CURLM_OK else {
            throw HTTPError(
                .protocolError,
                "libcurl refused the request: \(String(cString: curl_multi_strerror(code)))"
            )
        }
    }

    func remove(_ easy: EasyHandle) {
        curl_multi_remove_handle(raw, easy.raw)
    }

    /// Moves every transfer on as far as it goes without waiting; false when libcurl is out of order.
    func perform() -> Bool {
        var count: Int32 = 0
        return curl_multi_perform(raw, &count) == CURLM_OK
    }

    /// Waits for a socket, a timer of libcurl, ``wakeup()`` or the timeout.
    func poll(timeout: Duration) {
        curl_multi_poll(raw, nil, 0, Int32(clamping: Libcurl.milliseconds(timeout)), nil)
    }

    /// The transfers that ended since the last call.
    func takeFinished() -> [(id: UInt64, outcome: Outcome)] {
        var finished: [(id: UInt64, outcome: Outcome)] = []
        var left: Int32 = 0
        while let message = curl_multi_info_read(raw, &left) {
            guard message.pointee.msg == CURLMSG_DONE, let easy = EasyHandle.of(message.pointee.easy_handle) else {
                continue
            }
            finished.append((easy.id, Outcome(code: message.pointee.data.result)))
        }
        return finished
    }
}

/// An easy handle: one transfer at a time, used again for the next. Confined to the transfer thread.
final class EasyHandle {
    fileprivate let raw: UnsafeMutableRawPointer
    private let errorText: UnsafeMutablePointer<CChar>
    private var headerList: UnsafeMutablePointer<curl_slist>?
    private(set) var id: UInt64 = 0
    private var received: ResponseAccumulator
    /// Whether a body of so many bytes may be kept.
    private var hasRoom: (Int) -> Bool = { _ in true }

    /// The answer was given up because there was no room for it.
    var isCrowdedOut: Bool { received.isCrowdedOut }

    init() throws(HTTPError) {
        guard let raw = curl_easy_init() else {
            throw HTTPError(.protocolError, "libcurl has no memory for a request.")
        }
        self.raw = raw
        errorText = .allocate(capacity: Int(CURL_ERROR_SIZE))
        errorText.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
        received = ResponseAccumulator(maximumBytes: 0)
    }

    deinit {
        curl_easy_cleanup(raw)
        curl_slist_free_all(headerList)
        errorText.deallocate()
    }

    /// The owner of a raw handle, which it carries as its private pointer.
    fileprivate static func of(_ raw: UnsafeMutableRawPointer?) -> EasyHandle? {
        guard let raw else { return nil }
        var pointer: UnsafeMutablePointer<CChar>?
        guard CCurl_easy_getinfo_private(raw, &pointer) == CURLE_OK, let pointer else { return nil }
        return Unmanaged<EasyHandle>.fromOpaque(UnsafeRawPointer(pointer)).takeUnretainedValue()
    }

    /// Forgets the request with its credentials and answer; connections are the multi handle's and stay.
    func reset() {
        curl_easy_reset(raw)
        curl_slist_free_all(headerList)
        headerList = nil
        errorText[0] = 0
        received = ResponseAccumulator(maximumBytes: 0)
        hasRoom = { _ in true }
    }

    func prepare(
        _ request: PreparedRequest,
        _ settings: TransferSettings,
        timeout: Duration,
        id: UInt64,
        hasRoom: @escaping (Int) -> Bool
    ) throws(HTTPError) {
        self.id = id
        self.hasRoom = hasRoom
        received = ResponseAccumulator(maximumBytes: request.maximumResponseBytes)
        try setProtocol(request)
        try setLimits(request, settings, timeout: timeout)
        try setTLS(settings.tls, keyPassword: request.keyPassword)
        try setCallbacks()
        if let basic = request.basic {
            try set(CURLOPT_HTTPAUTH, Int(1))
            try set(CURLOPT_USERNAME, basic.user)
            try set(CURLOPT_PASSWORD, basic.password)
        }
        switch settings.proxy {
        case .environment: break
        case .none: try set(CURLOPT_PROXY, "")
        case .url(let url): try set(CURLOPT_PROXY, url)
        }
    }

    /// The answer, or what went wrong in words.
    func result(_ outcome: MultiHandle.Outcome, of request: PreparedRequest) -> Result<HTTPResponse, HTTPError> {
        if received.isTooLarge || outcome.code == CURLE_FILESIZE_EXCEEDED {
            return .failure(
                HTTPError(
                    .responseTooLarge,
                    received.isHeaderFlood
                        ? "\(request.name): the headers of the answer are larger than \(ResponseAccumulator.maximumHeaderBytes) bytes."
                        : "\(request.name): the answer is larger than \(request.maximumResponseBytes) bytes."
                )
            )
        }
        guard outcome.code == CURLE_OK else {
            let detail =
                errorText[0] == 0 ? String(cString: curl_easy_strerror(outcome.code)) : String(cString: errorText)
            return .failure(HTTPError(outcome.errorCode, "\(request.name): \(Text.oneLine(detail))."))
        }
        var status = 0
        var version = 0
        CCurl_easy_getinfo_long(raw, CURLINFO_RESPONSE_CODE, &status)
        CCurl_easy_getinfo_long(raw, CURLINFO_HTTP_VERSION, &version)
        return .success(
            HTTPResponse(
                status: status,
                headers: received.headers,
                body: received.body,
                httpVersion: Self.version(version)
            )
        )
    }

    private func setProtocol(_ request: PreparedRequest) throws(HTTPError) {
        try set(CURLOPT_PROTOCOLS_STR, "http,https")
        try set(CURLOPT_FOLLOWLOCATION, 0)
        try set(CURLOPT_URL, request.url)
        // Waiting to share a connection makes sense only where TLS says at once whether it can be shared. Over plain
        // HTTP it would hold every request back until the first has its answer.
        try set(CURLOPT_HTTP_VERSION, Int(request.isTLS ? CURL_HTTP_VERSION_2TLS : CURL_HTTP_VERSION_1_1))
        try set(CURLOPT_PIPEWAIT, request.isTLS ? 1 : 0)
        try set(CURLOPT_ACCEPT_ENCODING, "")
        try set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
        for line in request.headerLines {
            guard let list = curl_slist_append(headerList, line) else {
                throw HTTPError(.protocolError, "libcurl has no memory for a header.")
            }
            headerList = list
        }
        try check(CCurl_easy_setopt_list(raw, CURLOPT_HTTPHEADER, headerList))
        switch request.method {
        case .get: try set(CURLOPT_HTTPGET, 1)
        case .head: try set(CURLOPT_NOBODY, 1)
        case .post, .put, .patch, .delete: break
        }
        if let body = request.body ?? (request.method == .post ? [] : nil), request.method != .head {
            try check(CCurl_easy_setopt_off_t(raw, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(body.count)))
            // Never nil, also for an empty body: libcurl would read the body from standard input.
            var bytes = body.isEmpty ? [0] : body
            try check(CCurl_easy_setopt_pointer(raw, CURLOPT_COPYPOSTFIELDS, &bytes))
        }
        if request.method != .head {
            try set(CURLOPT_CUSTOMREQUEST, request.method.rawValue)
        }
    }

    private func setLimits(
        _ request: PreparedRequest,
        _ settings: TransferSettings,
        timeout: Duration
    ) throws(HTTPError) {
        try set(CURLOPT_NOSIGNAL, 1)
        try set(CURLOPT_TIMEOUT_MS, Libcurl.milliseconds(timeout))
        try set(CURLOPT_CONNECTTIMEOUT_MS, Libcurl.milliseconds(min(timeout, settings.connectTimeout)))
        try set(CURLOPT_LOW_SPEED_LIMIT, 1)
        try set(CURLOPT_LOW_SPEED_TIME, max(1, Libcurl.milliseconds(settings.lowSpeedTime) / 1000))
        if request.maximumResponseBytes > 0, request.method != .head {
            try check(
                CCurl_easy_setopt_off_t(raw, CURLOPT_MAXFILESIZE_LARGE, curl_off_t(request.maximumResponseBytes))
            )
        }
        try check(CCurl_easy_setopt_private_sockets(raw))
        try set(CURLOPT_TCP_KEEPALIVE, 1)
        // Connections are renewed, so that a back end that moved to other addresses is found again.
        try set(CURLOPT_MAXLIFETIME_CONN, 600)
        try set(CURLOPT_MAXAGE_CONN, 60)
    }

    private func setTLS(_ tls: TLSOptions, keyPassword: String?) throws(HTTPError) {
        try set(CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
        try set(CURLOPT_SSL_VERIFYPEER, tls.isInsecure ? 0 : 1)
        try set(CURLOPT_SSL_VERIFYHOST, tls.isInsecure ? 0 : 2)
        // The default keeps a CA file for a day; clusters rotate theirs.
        try set(CURLOPT_CA_CACHE_TIMEOUT, 60)
        if let file = tls.caFile {
            try set(CURLOPT_CAINFO, file)
            // The system's folder of authorities would be trusted beside the file.
            try check(CCurl_easy_setopt_string(raw, CURLOPT_CAPATH, nil))
        }
        if let file = tls.certificateFile { try set(CURLOPT_SSLCERT, file) }
        if let file = tls.keyFile { try set(CURLOPT_SSLKEY, file) }
        if let keyPassword { try set(CURLOPT_KEYPASSWD, keyPassword) }
    }

    private func setCallbacks() throws(HTTPError) {
        let context = Unmanaged.passUnretained(self).toOpaque()
        try check(CCurl_easy_setopt_pointer(raw, CURLOPT_PRIVATE, context))
        try check(CCurl_easy_setopt_pointer(raw, CURLOPT_ERRORBUFFER, errorText))
        try check(CCurl_easy_setopt_pointer(raw, CURLOPT_WRITEDATA, context))
        try check(CCurl_easy_setopt_pointer(raw, CURLOPT_HEADERDATA, context))
        try check(
            CCurl_easy_setopt_function(raw, CURLOPT_WRITEFUNCTION) { bytes, size, count, context in
                EasyHandle.receive(bytes, size * count, context) { $0.received.appendBody($1, hasRoom: $0.hasRoom) }
            }
        )
        try check(
            CCurl_easy_setopt_function(raw, CURLOPT_HEADERFUNCTION) { bytes, size, count, context in
                EasyHandle.receive(bytes, size * count, context) { $0.received.appendHeaderLine($1) }
            }
        )
    }

    /// Any number but `count` ends the transfer.
    private static func receive(
        _ bytes: UnsafeMutablePointer<CChar>?,
        _ count: Int,
        _ context: UnsafeMutableRawPointer?,
        _ append: (EasyHandle, UnsafeRawBufferPointer) -> Bool
    ) -> Int {
        guard let context else { return 0 }
        let easy = Unmanaged<EasyHandle>.fromOpaque(context).takeUnretainedValue()
        let isAccepted = append(easy, UnsafeRawBufferPointer(start: bytes, count: count))
        return isAccepted ? count : (count == 0 ? 1 : 0)
    }

    private func set(_ option: CURLoption, _ value: Int) throws(HTTPError) {
        try check(CCurl_easy_setopt_long(raw, option, value))
    }

    private func set(_ option: CURLoption, _ value: String) throws(HTTPError) {
        guard !value.utf8.contains(0) else {
            throw HTTPError(.invalidRequest, "A setting of the HTTP client holds a NUL character.")
        }
        try check(CCurl_easy_setopt_string(raw, option, value))
    }

    private func check(_ code: CURLcode) throws(HTTPError) {
        guard code == CURLE_OK else {
            throw HTTPError(.protocolError, "libcurl refused a setting: \(String(cString: curl_easy_strerror(code)))")
        }
    }

    private static func version(_ version: Int) -> HTTPResponse.Version {
        switch version {
        case Int(CURL_HTTP_VERSION_1_0): .http10
        case Int(CURL_HTTP_VERSION_2_0): .http2
        case Int(CURL_HTTP_VERSION_3): .http3
        default: .http11
        }
    }
}

extension MultiHandle.Outcome {
    fileprivate var errorCode: HTTPError.Code {
        switch code {
        case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY, CURLE_COULDNT_CONNECT, CURLE_SEND_ERROR,
            CURLE_RECV_ERROR, CURLE_GOT_NOTHING, CURLE_PARTIAL_FILE, CURLE_HTTP2, CURLE_HTTP2_STREAM, CURLE_PROXY:
            .unreachable
        case CURLE_OPERATION_TIMEDOUT: .timedOut
        case CURLE_URL_MALFORMAT: .invalidURL
        case CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CERTPROBLEM, CURLE_SSL_CIPHER,
            CURLE_SSL_CACERT_BADFILE, CURLE_SSL_ISSUER_ERROR, CURLE_SSL_CLIENTCERT, CURLE_USE_SSL_FAILED,
            CURLE_SSL_INVALIDCERTSTATUS, CURLE_SSL_ENGINE_NOTFOUND, CURLE_SSL_ENGINE_SETFAILED, CURLE_SSL_CRL_BADFILE:
            .tls
        default: .protocolError
        }
    }
}
