import Foundation

/// Words as a shell splits them; enough for documentation.
enum ShellWords {
    enum Word: Equatable {
        case plain(String)
        case `operator`(Character)

        var isRedirection: Bool { self == .operator("<") || self == .operator(">") }

        /// Whether a command may follow: after an operator, a keyword, a variable of the command.
        var precedesCommand: Bool {
            switch self {
            case .operator: return !isRedirection
            case .plain(let text):
                let isAssignment = text.prefixMatch(of: #/[A-Za-z_][A-Za-z0-9_]*=/#) != nil
                return isAssignment
                    || ["if", "then", "else", "do", "while", "!", "exec", "time", "sudo"].contains(text)
            }
        }
    }

    static func lines(_ text: String) -> [String] {
        text.replacing("\\\n", with: " ").components(separatedBy: "\n")
    }

    static func split(_ line: String) -> [Word] {
        var words: [Word] = []
        var word: String?
        var quote: Character?
        func finish() {
            if let done = word { words.append(.plain(done)) }
            word = nil
        }
        for character in line {
            if let open = quote {
                if character == open { quote = nil } else { word = (word ?? "") + String(character) }
            } else if character == "\"" || character == "'" {
                quote = character
                word = word ?? ""
            } else if character == "#", word == nil {
                break
            } else if character == " " {
                finish()
            } else if ";|&()<>".contains(character) {
                // The number of a file that is redirected, as in `2>errors`, is no word of the command.
                if "<>".contains(character), word?.allSatisfy(\.isNumber) == true { word = nil }
                finish()
                words.append(.operator(character))
            } else {
                word = (word ?? "") + String(character)
            }
        }
        finish()
        return words
    }
}
