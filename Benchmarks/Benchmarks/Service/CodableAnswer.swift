import Foundation

/// The answer as one would read it with `Codable`.
struct CodableAnswer: Decodable {
    struct Matrix: Decodable {
        let resultType: String
        let result: [Series]
    }

    struct Series: Decodable {
        let metric: [String: String]
        let values: [Sample]
    }

    /// `[1435781430.781, "1"]`
    struct Sample: Decodable {
        let time: Double
        let value: Double

        init(from decoder: any Decoder) throws {
            var container = try decoder.unkeyedContainer()
            time = try container.decode(Double.self)
            let text = try container.decode(String.self)
            guard let value = Double(text) else {
                throw DecodingError.dataCorruptedError(in: container, debugDescription: "\(text) is not a number")
            }
            self.value = value
        }
    }

    let status: String
    let data: Matrix

    static func read(_ data: Data) throws -> CodableAnswer {
        try JSONDecoder().decode(CodableAnswer.self, from: data)
    }
}
