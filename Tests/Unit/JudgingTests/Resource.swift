import Foundation
import Testing

/// Reads a resource of one JSON object a line.
enum Resource {
    static func lines<Line: Decodable>(of name: String, as type: Line.Type) throws -> [Line] {
        let url = try #require(Bundle.module.url(forResource: name, withExtension: "jsonl", subdirectory: "Resources"))
        let decoder = JSONDecoder()
        decoder.nonConformingFloatDecodingStrategy = .convertFromString(
            positiveInfinity: "Infinity",
            negativeInfinity: "-Infinity",
            nan: "NaN"
        )
        return try String(contentsOf: url, encoding: .utf8).split(separator: "\n").map { line in
            try decoder.decode(type, from: Data(line.utf8))
        }
    }
}
