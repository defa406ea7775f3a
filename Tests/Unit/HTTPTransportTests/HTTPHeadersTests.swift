import HTTPTransport
import Testing

@Suite struct HTTPHeadersTests {
    @Test func looksUpWithoutCase() {
        var headers: HTTPHeaders = ["Retry-After": "1", "a": "x"]
        headers.append(name: "RETRY-AFTER", value: "2")
        #expect(headers["retry-after"] == "1")
        headers["Retry-after"] = "3"
        #expect(headers.fields.count == 2)
        #expect(headers["RETRY-AFTER"] == "3")
        headers["A"] = nil
        #expect(headers["a"] == nil)
    }

    @Test func overriding() {
        let headers: HTTPHeaders = ["X-One": "1", "X-Two": "2"]
        #expect(headers.overridden(by: ["x-two": "b"]) == ["X-One": "1", "x-two": "b"])
    }

    @Test(arguments: [
        ("plain-._~09AZ", "plain-._~09AZ"), ("a b+c&d=e", "a%20b%2Bc%26d%3De"), ("ü\n\0", "%C3%BC%0A%00"), ("%", "%25"),
    ])
    func percentEncoding(text: String, encoded: String) {
        #expect(PercentEncoding.encode(text) == encoded)
        #expect(PercentEncoding.query([("q", text), ("q", "")]) == "q=\(encoded)&q=")
    }
}
