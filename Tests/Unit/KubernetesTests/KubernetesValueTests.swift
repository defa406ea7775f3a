import Kubernetes
import Testing

@Suite struct KubernetesValueTests {
    @Test func readsEveryKind() throws {
        let text = #"{"n":null,"t":true,"i":1,"z":0,"d":1.5,"s":"1","a":[1,"x",[]],"o":{"f:a":{".":{}}},"big":1e300}"#
        let value = try KubernetesValue(json: Array(text.utf8))
        #expect(
            value == [
                "n": nil, "t": true, "i": 1, "z": 0, "d": .double(1.5), "s": "1", "a": [1, "x", []],
                "o": ["f:a": [".": [:]]], "big": .double(1e300),
            ]
        )
        #expect(value["n"] == nil)
        #expect(value["i"]?.bool == nil)
        #expect(value["s"]?.integer == 1)
        #expect(value["big"]?.integer == nil)
        #expect(try KubernetesValue(json: value.json()) == value)
    }

    @Test func writesSortedMembers() throws {
        let value: KubernetesValue = ["b": ["y": nil, "x": false], "a": ["u/v", 2]]
        #expect(String(decoding: try value.json(), as: UTF8.self) == #"{"a":["u/v",2],"b":{"x":false,"y":null}}"#)
    }

    @Test(arguments: [
        "", "{", "nonsense", #"{"a":}"#, String(repeating: "[", count: 100) + String(repeating: "]", count: 100),
        String(repeating: "[", count: 100_000),
        String(repeating: #"{"a":"#, count: 400) + "1" + String(repeating: "}", count: 400),
    ])
    func refusesOtherTexts(text: String) {
        let error = #expect(throws: KubernetesError.self) { try KubernetesValue(json: Array(text.utf8)) }
        #expect(error?.code == .malformed)
    }

    @Test func refusesNumbersWithoutForm() {
        let error = #expect(throws: KubernetesError.self) { try KubernetesValue.double(.nan).json() }
        #expect(error?.code == .invalid)
    }

    @Test(arguments: [("1", 1), ("1.0", 1), ("1e3", 1000), ("-0.0", 0)] as [(String, Int64)])
    func wholeNumbersStayWhole(text: String, value: Int64) throws {
        let read = try KubernetesValue(json: Array(text.utf8))
        #expect(read == .integer(value))
        #expect(try KubernetesValue(json: try read.json()) == read)
    }
}
