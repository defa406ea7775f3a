extension Timestamp: CustomStringConvertible {
    package var description: String { rfc3339 }

    /// RFC 3339 in UTC with milliseconds, for example `2026-11-21T10:15:30.250Z`.
    ///
    /// The format ends at the years 0000 and 9999; times beyond are written as the nearest one that it has.
    package var rfc3339: String {
        let milliseconds = min(max(milliseconds, Timestamp.year0), Timestamp.year9999)
        let day = milliseconds.flooredDivision(by: Timestamp.millisecondsPerDay)
        let inDay = milliseconds - day * Timestamp.millisecondsPerDay
        let date = CivilDate(daysSinceEpoch: day)
        let time = [inDay / 3_600_000, inDay / 60_000 % 60, inDay / 1000 % 60].map { pad($0, 2) }
        return "\(pad(date.year, 4))-\(pad(date.month, 2))-\(pad(date.day, 2))T\(time.joined(separator: ":"))"
            + ".\(pad(inDay % 1000, 3))Z"
    }

    /// Parses RFC 3339 with any number of fraction digits (milliseconds are kept) and any offset; nil when it is not one.
    package init?(rfc3339 text: String) {
        guard text.utf8.count <= 64 else { return nil }
        var scanner = DigitScanner(text)
        guard let year = scanner.number(4), scanner.skip("-"), let month = scanner.number(2), scanner.skip("-"),
            let day = scanner.number(2), scanner.skip("T", "t", " "),
            let hour = scanner.number(2), scanner.skip(":"), let minute = scanner.number(2), scanner.skip(":"),
            let second = scanner.number(2), (1...12).contains(month), (1...31).contains(day), hour < 24, minute < 60,
            second <= 60
        else { return nil }
        let fraction = scanner.skip(".") ? scanner.fraction() : 0
        guard let fraction else { return nil }
        var offset: Int64 = 0
        if !scanner.skip("Z", "z") {
            let sign: Int64 = scanner.skip("+") ? 1 : scanner.skip("-") ? -1 : 0
            guard sign != 0, let hours = scanner.number(2), scanner.skip(":"), let minutes = scanner.number(2),
                hours < 24, minutes < 60
            else { return nil }
            offset = sign * (hours * 60 + minutes)
        }
        guard scanner.isAtEnd else { return nil }
        let date = CivilDate(year: year, month: month, day: day)
        guard CivilDate(daysSinceEpoch: date.daysSinceEpoch) == date else { return nil }
        let minutes = date.daysSinceEpoch * 1440 + hour * 60 + minute - offset
        let milliseconds = minutes * 60_000 + second * 1000 + fraction
        // An offset or a leap second can lead out of the years that can be written.
        guard (Timestamp.year0...Timestamp.year9999).contains(milliseconds) else { return nil }
        self.init(milliseconds: milliseconds)
    }

    static let millisecondsPerDay: Int64 = 86_400_000
    /// 0000-01-01T00:00:00.000Z
    private static let year0: Int64 = -62_167_219_200_000
    /// 9999-12-31T23:59:59.999Z
    private static let year9999: Int64 = 253_402_300_799_999
}

/// A day of the proleptic Gregorian calendar. Algorithm: H. Hinnant, "chrono-compatible low-level date algorithms".
private struct CivilDate: Equatable {
    var year: Int64
    var month: Int64
    var day: Int64

    init(year: Int64, month: Int64, day: Int64) {
        self.year = year
        self.month = month
        self.day = day
    }

    init(daysSinceEpoch days: Int64) {
        let shifted = days + 719_468
        let era = shifted.flooredDivision(by: 146_097)
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    }

    var daysSinceEpoch: Int64 {
        let shiftedYear = month <= 2 ? year - 1 : year
        let era = shiftedYear.flooredDivision(by: 400)
        let yearOfEra = shiftedYear - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }
}

private struct DigitScanner {
    private var rest: Substring.UTF8View

    init(_ text: String) {
        rest = text[...].utf8
    }

    var isAtEnd: Bool { rest.isEmpty }

    mutating func number(_ digits: Int) -> Int64? {
        var value: Int64 = 0
        for _ in 0..<digits {
            guard let digit = nextDigit() else { return nil }
            value = value * 10 + digit
        }
        return value
    }

    /// The fraction in milliseconds; further digits are dropped.
    mutating func fraction() -> Int64? {
        guard var value = nextDigit() else { return nil }
        var digits = 1
        while let digit = nextDigit() {
            if digits < 3 { value = value * 10 + digit }
            digits += 1
        }
        return digits == 1 ? value * 100 : digits == 2 ? value * 10 : value
    }

    mutating func skip(_ accepted: Unicode.Scalar...) -> Bool {
        guard let byte = rest.first, accepted.contains(where: { $0.value == UInt32(byte) }) else { return false }
        rest.removeFirst()
        return true
    }

    private mutating func nextDigit() -> Int64? {
        guard let byte = rest.first, (48...57).contains(byte) else { return nil }
        rest.removeFirst()
        return Int64(byte) - 48
    }
}

private func pad(_ value: Int64, _ width: Int) -> String {
    let text = String(value)
    return String(repeating: "0", count: max(0, width - text.count)) + text
}
