/// Times of a file of series, which name no zone: `2024-06-06 12:09:03.010`.
enum CivilTime {
    /// Seconds since 1970-01-01 00:00:00 on the file's own clock; nil for anything that is no such time.
    ///
    /// A `T` may stand between date and time, a fraction of seconds and a zone (`Z`, `+00:00`) may follow; the zone is
    /// not added, because all times of a file are compared with each other only.
    static func seconds(_ text: String) -> Double? {
        let bytes = Array(text.trimmedBlanks.utf8)
        guard bytes.count >= 16, bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-"),
            [UInt8(ascii: " "), UInt8(ascii: "T")].contains(bytes[10]), bytes[13] == UInt8(ascii: ":"),
            let year = number(bytes[0..<4]), let month = number(bytes[5..<7]), let day = number(bytes[8..<10]),
            let hour = number(bytes[11..<13]), let minute = number(bytes[14..<16]),
            (1...12).contains(month), (1...31).contains(day), hour < 24, minute < 60
        else { return nil }
        var seconds = Double(days(year, month, day)) * 86_400 + Double(hour * 3600 + minute * 60)
        var rest = bytes[16...]
        if rest.first == UInt8(ascii: ":") {
            rest = rest.dropFirst()
            let digits = rest.prefix { $0 == UInt8(ascii: ".") || (0x30...0x39).contains($0) }
            guard let value = Double(String(decoding: digits, as: UTF8.self)), value < 61 else { return nil }
            seconds += value
            rest = rest.dropFirst(digits.count)
        }
        guard rest.isEmpty || rest.first.map({ "Z+-".utf8.contains($0) }) == true else { return nil }
        return seconds
    }

    private static func number(_ digits: ArraySlice<UInt8>) -> Int? {
        var value = 0
        for digit in digits {
            guard (0x30...0x39).contains(digit) else { return nil }
            value = value * 10 + Int(digit - 0x30)
        }
        return value
    }

    /// Days since 1970-01-01 in the Gregorian calendar (H. Hinnant, "chrono-compatible low-level date algorithms").
    private static func days(_ year: Int, _ month: Int, _ day: Int) -> Int {
        let shifted = month <= 2 ? year - 1 : year
        let era = (shifted >= 0 ? shifted : shifted - 399) / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468
    }
}
