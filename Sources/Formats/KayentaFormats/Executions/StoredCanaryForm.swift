package import JSON

/// How executions and documents are kept: JSON with the number of its form. A form only gains members.
package enum StoredCanaryForm {
    package static let newest = 1
    private static let deepest = 64

    package static func write(_ object: JSONObject) -> [UInt8] {
        var stored: JSONObject = ["form": .integer(newest)]
        for (name, value) in object.members { stored[name] = value }
        return JSONValue.object(stored).jsonBytes
    }

    package static func read(_ bytes: [UInt8]) throws(KayentaProblem) -> JSONObject {
        guard let object = try? JSONParser.parse(bytes, maximumDepth: deepest).object,
            let form = object["form"]?.integer
        else { throw KayentaProblem("What is stored cannot be read.") }
        guard form <= newest else {
            throw KayentaProblem("What is stored has the form \(form), which a newer version wrote.")
        }
        return object
    }
}
