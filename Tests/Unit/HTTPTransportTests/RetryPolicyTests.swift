import HTTPTransport
import Testing

@Suite struct RetryPolicyTests {
    @Test(arguments: [
        (1, 1.0, 200), (2, 1.0, 400), (3, 1.0, 800), (3, 0.25, 200), (5, 1.0, 3200), (6, 1.0, 5000), (1000, 1.0, 5000),
        (1, 0.0, 0), (0, 1.0, 200), (-5, 2.0, 200),
    ])
    func backsOffWithFullJitter(failures: Int, random: Double, milliseconds: Int) {
        let delay = RetryPolicy().delay(failures: failures, retryAfter: nil, random: random, unixSeconds: 0)
        #expect(delay == .milliseconds(milliseconds))
    }

    /// The clock stands at Sun, 06 Nov 1994 08:49:37 GMT.
    @Test(arguments: [
        ("5", 5), ("0", 0), ("-3", 0), ("31", 30), ("99999999999", 30), ("99999999999999999999999", 0),
        ("Sun, 06 Nov 1994 08:49:47 GMT", 10), ("Sun, 06 Nov 1994 08:49:27 GMT", 0),
        ("Sun, 06 Nov 1994 09:49:37 GMT", 30), ("soon", 0), ("", 0),
    ])
    func honoursRetryAfter(header: String, seconds: Int) {
        let delay = RetryPolicy().delay(failures: 1, retryAfter: header, random: 0, unixSeconds: 784_111_777)
        #expect(delay == .seconds(seconds))
    }

    @Test(arguments: [
        (200, false), (400, false), (404, false), (408, false), (422, false), (429, true), (500, false), (501, false),
        (502, true), (503, true), (504, true),
    ])
    func statuses(status: Int, isRetryable: Bool) {
        #expect(RetryPolicy().isRetryable(.success(HTTPResponse(status: status))) == isRetryable)
    }

    @Test(arguments: [
        (HTTPError.Code.unreachable, true), (.timedOut, true), (.tls, false), (.cancelled, false), (.closed, false),
        (.responseTooLarge, false), (.invalidURL, false), (.overloaded, false), (.protocolError, false),
    ])
    func errors(code: HTTPError.Code, isRetryable: Bool) {
        #expect(RetryPolicy().isRetryable(.failure(HTTPError(code, "x"))) == isRetryable)
    }
}
