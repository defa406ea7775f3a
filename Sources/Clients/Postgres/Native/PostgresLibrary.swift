internal import CPostgres

/// What libpq does without a connection.
enum PostgresLibrary {
    /// 150012 for 15.12.
    static var version: Int { Int(PQlibVersion()) }

    /// The options that a connection string sets, by libpq's names. Throws `.configuration`.
    static func options(of connectionString: String) throws(PostgresError) -> [String: String] {
        guard !connectionString.utf8.contains(0) else {
            throw .configuration("The Postgres connection string holds a NUL character.")
        }
        var message: UnsafeMutablePointer<CChar>?
        guard let list = PQconninfoParse(connectionString, &message) else {
            let reason = message.map { self.sentence(String(cString: $0)) } ?? "no memory"
            if let message { PQfreemem(message) }
            // What is quoted may be a part of the password.
            throw .configuration(
                "The Postgres connection string is not valid: \(PostgresRedaction.quotedParts(of: reason))."
            )
        }
        defer { PQconninfoFree(list) }
        return self.values(of: list)
    }

    /// What holds where a connection string says nothing: variables such as `PGHOST`, and what is built in.
    static func defaults() -> [String: String] {
        guard let list = PQconndefaults() else { return [:] }
        defer { PQconninfoFree(list) }
        return self.values(of: list)
    }

    private static func values(of list: UnsafeMutablePointer<PQconninfoOption>) -> [String: String] {
        var options: [String: String] = [:]
        var option = list
        while let keyword = option.pointee.keyword {
            if let value = option.pointee.val { options[String(cString: keyword)] = String(cString: value) }
            option += 1
        }
        return options
    }

    /// libpq's texts end in a line end and may have several lines: all in one, without a stop at its end.
    static func sentence(_ text: String) -> String {
        let lines = text.split(whereSeparator: \.isNewline).map { line in
            line.drop { $0 == " " || $0 == "\t" }
        }
        var sentence = lines.joined(separator: "; ")
        while let last = sentence.last, last == "." || last == " " { sentence.removeLast() }
        return sentence
    }
}
