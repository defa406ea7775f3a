import JSON
import Notifications
import StoredFormats
import Testing

@Suite struct NotificationTemplateTests {
    private func body(_ template: NotificationTemplate) throws -> String {
        let form = Notified.form(Notified.verdict(application: Notified.hostile))
        let receiver = NotificationReceiver.template(url: nil, template)
        let request = try #require(receiver.request(form, isResolved: false, secret: nil))
        return String(decoding: request.body, as: UTF8.self)
    }

    @Test func aFieldStaysATextOfTheJSON() throws {
        let text = try body(NotificationTemplate(#"{"app": "${application}", "is": ["${result}"]}"#, escaping: .json))
        let value = try JSONParser.parse(Array(text.utf8), maximumDepth: 8)
        #expect(value.object?["app"]?.text == Notified.hostile)
        #expect(value.object?["is"]?.elements?.first?.text == "fail")
    }

    @Test func aFieldStaysAValueOfAFormAndATextOfXML() throws {
        let form = try body(NotificationTemplate("app=${application}&v=${version}", escaping: .form))
        #expect(form.split(separator: "&").count == 2 && form.hasSuffix("v=2.4.0") && !form.contains("\r"))
        let xml = try body(NotificationTemplate("<a>${application}</a>", escaping: .xml))
        #expect(!xml.dropFirst(3).dropLast(4).contains { "<>\"'".contains($0) })
    }

    @Test func aRepeatHasTheSameKey() throws {
        let receiver = NotificationReceiver.template(url: nil, try NotificationTemplate("x", escaping: .none))
        let request = receiver.request(Notified.form(Notified.verdict()), isResolved: false, secret: nil)
        #expect(request?.headers.first { $0.name == "Idempotency-Key" }?.value == "s1/3/final")
    }

    @Test(arguments: [
        ("${", "without a }"), ("${applicaton}", "is none of"), ("{\"a\": ${application}}", "is not JSON"),
    ])
    func whatCannotBeFilledInIsRefused(text: String, problem: String) {
        do throws(NotificationTemplateError) {
            _ = try NotificationTemplate(text, escaping: .json)
            Issue.record("it was taken")
        } catch { #expect(error.description.contains(problem)) }
    }
}
