package import Mail
package import Notifications
package import StoredFormats

/// Sends notifications by mail.
package struct MailNotificationPost: NotificationPost {
    private let name: String
    private let route: MailRoute
    private let mail: any MailSending

    package init(name: String, route: MailRoute, mail: any MailSending) {
        self.name = name
        self.route = route
        self.mail = mail
    }

    package func send(_ notification: NotificationForm, isResolved: Bool) async throws(DeliveryFailure) {
        do throws(MailError) {
            try await mail.send(MailMessage.bytes(notification, route), from: route.from, to: route.to)
        } catch {
            throw DeliveryFailure("\(name): \(error)", isTransient: error.isTransient)
        }
    }
}
