/// The page that a person sees at `/`.
enum ShopFrontPage {
    static func render(_ report: ShopReport) -> String {
        let rows = [("stable", report.stable)] + (report.canary.map { [("canary", $0)] } ?? [])
        let table = rows.map { track, running in
            "<tr><td>\(track)</td><td>\(escaped(running.version))</td><td>\(Int(running.weight)) %</td>"
                + "<td>\(running.requests)</td><td>\(running.errors)</td></tr>"
        }
        let past = report.releases.map { "<li>\(escaped($0.version)): \($0.outcome)</li>" }
        return """
            <!doctype html><html lang="en"><head><meta charset="utf-8"><title>Shop</title><meta http-equiv="refresh" content="2">
            <style>body{font:16px sans-serif;margin:3em}td,th{padding:.3em 1.5em .3em 0;text-align:left}</style></head>
            <body><h1>Shop</h1>
            <table><tr><th>track</th><th>version</th><th>traffic</th><th>requests</th><th>errors</th></tr>
            \(table.joined(separator: "\n"))
            </table><h2>Releases</h2><ul>\(past.isEmpty ? "<li>none yet</li>" : past.joined())</ul>
            <p><a href="/products">products</a> <a href="/cart">cart</a> <a href="/checkout">checkout</a>
            <a href="/metrics">metrics</a></p></body></html>

            """
    }

    private static func escaped(_ text: String) -> String {
        text.unicodeScalars.reduce(into: "") { page, scalar in
            switch scalar {
            case "&": page += "&amp;"
            case "<": page += "&lt;"
            case ">": page += "&gt;"
            case "\"": page += "&quot;"
            default: page.unicodeScalars.append(scalar)
            }
        }
    }
}
