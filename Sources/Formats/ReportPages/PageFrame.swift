import Mustache

/// What all pages have around them.
struct PageFrame {
    struct Crumb {
        var text: String
        var address: String?
    }

    var title: String
    var crumbs: [Crumb]
    /// The page changes while it is looked at.
    var isLive: Bool
    /// What tells of changes; nil on a page that does not change.
    var stream: String?
    /// HTML.
    var content: String
    var version: String
    /// What addresses begin with: nothing on a page of the service, its address in a file.
    var base = ""
    /// In the page itself; nil where it is loaded.
    var style: String?
    let styleAddress = PageAsset.style.address
    let scriptAddress = PageAsset.live.address
}

/// The templates, parsed once.
enum PageTemplates {
    private static let library = MustacheLibrary(templates: [
        "page": parsed(PackageResources.page_mustache), "report": parsed(PackageResources.report_mustache),
        "list": parsed(PackageResources.list_mustache), "past": parsed(PackageResources.past_mustache),
        "metric": parsed(PackageResources.metric_mustache),
        "one": parsed(PackageResources.one_mustache), "error": parsed(PackageResources.error_mustache),
        "decide": parsed(PackageResources.decide_mustache),
        "application": parsed(PackageResources.application_mustache),
        "plans": parsed(PackageResources.plans_mustache), "plan": parsed(PackageResources.plan_mustache),
    ])

    /// They are part of the program: one that cannot be parsed is a mistake in it, which a test finds.
    private static func parsed(_ bytes: [UInt8]) -> MustacheTemplate {
        let text = String(decoding: bytes, as: UTF8.self)
        do { return try MustacheTemplate(string: text) } catch { preconditionFailure("template: \(error)") }
    }

    /// What comes from outside is escaped, but for what a template writes with three braces.
    static func render(_ values: Any, _ name: String) -> String {
        (library.render(values, withTemplate: name) ?? "").withoutDirections
    }
}

extension String {
    /// Characters that turn the direction of writing around until another ends it (Unicode, UAX #9) are shown as what cannot be
    /// shown: in a name they would turn around the sentence that it stands in.
    fileprivate var withoutDirections: String {
        guard unicodeScalars.contains(where: \.isDirection) else { return self }
        var text = UnicodeScalarView()
        for scalar in unicodeScalars { text.append(scalar.isDirection ? "\u{FFFD}" : scalar) }
        return String(text)
    }
}

extension Unicode.Scalar {
    fileprivate var isDirection: Bool { (0x202A...0x202E).contains(value) || (0x2066...0x2069).contains(value) }
}
