import Foundation

/// Compares JSON by what a reader of the old form would find in the new one.
enum KeptMembers {
    /// Where a member of `old` is missing in `new`, or has another value; nil where none is.
    static func difference(from old: Data, to new: Data) throws -> String? {
        try difference(JSONSerialization.jsonObject(with: old), JSONSerialization.jsonObject(with: new), at: "$")
    }

    private static func difference(_ old: Any, _ new: Any, at path: String) -> String? {
        switch (old, new) {
        case (let old as [String: Any], let new as [String: Any]):
            for (name, value) in old.sorted(by: { $0.key < $1.key }) {
                guard let other = new[name] else { return "\(path).\(name) is missing" }
                if let found = difference(value, other, at: "\(path).\(name)") { return found }
            }
            return nil
        case (let old as [Any], let new as [Any]):
            guard old.count == new.count else { return "\(path) has another length" }
            for (index, pair) in zip(old, new).enumerated() {
                if let found = difference(pair.0, pair.1, at: "\(path)[\(index)]") { return found }
            }
            return nil
        default:
            return (old as? NSObject)?.isEqual(new) == true ? nil : "\(path) was \(old) and is \(new)"
        }
    }
}
