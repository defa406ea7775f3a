package import Foundation

/// How a value of the domain is kept in the store: a shape of its own, apart from the domain's types, with a number.
///
/// A form has number 1 where its JSON names none: version 0.1.0 wrote no numbers. Readers of old numbers stay for ever.
/// Within one version of the program a form only gains members, because a process of the version before reads it too,
/// and leaves out what it does not know.
package protocol StoredForm: Codable {
    associatedtype Value

    /// The newest number that this version reads, and the one that it writes.
    static var newest: Int { get }
    /// What it holds, for messages.
    static var name: String { get }

    /// Nil is 1.
    var form: Int? { get }

    init(_ value: Value)

    /// Throws where a name or a text in it has no meaning to this version.
    func value() throws(FormError) -> Value
}

extension StoredForm {
    package static func write(_ value: Value) throws(FormError) -> Data {
        do { return try StoredJSON.encoder().encode(Self(value)) } catch {
            throw FormError(.unwritable, "the \(name) cannot be written: \(error)")
        }
    }

    package static func read(_ bytes: Data) throws(FormError) -> Value {
        let form: Self
        do { form = try StoredJSON.decoder().decode(Self.self, from: bytes) } catch {
            if let head = try? StoredJSON.decoder().decode(FormHead.self, from: bytes), let number = head.form,
                number > newest
            {
                throw FormError(newer: number, than: newest, of: name)
            }
            throw FormError(.malformed, "the stored \(name) cannot be read: \(FormError.sentence(error))")
        }
        if let number = form.form, number > newest { throw FormError(newer: number, than: newest, of: name) }
        return try form.value()
    }
}

/// The part of every form that is never changed.
private struct FormHead: Decodable {
    var form: Int?
}

/// Why a stored value is not read or written.
package struct FormError: Error, Sendable, Equatable, CustomStringConvertible {
    package enum Code: Sendable, Equatable {
        /// It is of a form that a newer version made.
        case newer(Int)
        /// It is damaged, or not ours.
        case malformed
        case unwritable
    }

    package let code: Code
    /// One sentence.
    package let message: String

    init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    init(newer number: Int, than known: Int, of name: String) {
        self.init(.newer(number), "the stored \(name) has form \(number), and this version reads forms up to \(known)")
    }

    package var description: String { message }

    /// Where in the JSON it is, and what is wrong there, without the value.
    static func sentence(_ error: any Error) -> String {
        guard let error = error as? DecodingError else { return "\(error)" }
        let (context, what): (DecodingError.Context, String) =
            switch error {
            case .keyNotFound(let key, let context): (context, "\(key.stringValue) is missing")
            case .typeMismatch(_, let context): (context, "it has another type")
            case .valueNotFound(_, let context): (context, "it is null")
            case .dataCorrupted(let context): (context, context.debugDescription)
            @unknown default: (DecodingError.Context(codingPath: [], debugDescription: ""), "\(error)")
            }
        let path = context.codingPath.map(\.stringValue).joined(separator: ".")
        return path.isEmpty ? what : "\(path): \(what)"
    }
}
