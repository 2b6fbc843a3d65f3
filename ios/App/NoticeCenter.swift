import Foundation
import UserNotifications
import Vidimus
import VidimusApp
import VidimusShell

/// Tells a driver who does not look at the app what is new: after a refresh in the background, and
/// ahead of the end of a license, by the system. All notices are of this phone; no server sends
/// any.
struct NoticeCenter: Sendable {
    private let sentence: String

    /// - Parameter sentence: What each notice says: nothing of the driver, since a phone shows it
    ///   while it is locked.
    init(sentence: String) {
        self.sentence = sentence
    }

    /// Asks the driver for the permission, where it was not asked for before. The system asks
    /// once in the life of an app.
    func askOnce() async {
        let center = UNUserNotificationCenter.current()
        guard await center.notificationSettings().authorizationStatus == .notDetermined else { return }
        _ = try? await center.requestAuthorization(options: [.alert, .sound])
    }

    /// Tells what is new of a wallet's licenses, and plans what is to be told later. Without the
    /// permission nothing is taken as told: it is told once the driver allows it.
    func tell(of wallet: Wallet) async {
        let center = UNUserNotificationCenter.current()
        switch await center.notificationSettings().authorizationStatus {
        case .authorized, .provisional, .ephemeral: break
        default: return
        }
        guard let due = try? await wallet.dueNotices(plans: true) else { return }
        center.removeAllPendingNotificationRequests()
        for entry in NoticePlan(due).entries {
            try? await center.add(request(of: entry))
        }
    }

    /// Takes away what was told: the driver looks at the app.
    func clear() {
        UNUserNotificationCenter.current().removeAllDeliveredNotifications()
    }

    private func request(of entry: NoticePlan.Entry) -> UNNotificationRequest {
        let content = UNMutableNotificationContent()
        content.body = sentence
        content.sound = .default
        content.userInfo = NoticePlan.information(of: entry.license)
        let trigger = entry.at.map {
            UNCalendarNotificationTrigger(dateMatching: NoticePlan.components(of: $0), repeats: false)
        }
        return UNNotificationRequest(identifier: entry.identifier, content: content, trigger: trigger)
    }
}

/// Hears which notice the driver has tapped. Make it while the app launches, and keep it: the
/// system does not.
@MainActor final class NoticeTaps {
    private let delegate: Delegate

    /// - Parameter opened: Takes the license of a notice.
    init(opened: @escaping @MainActor (String) -> Void) {
        delegate = Delegate(opened: opened)
        UNUserNotificationCenter.current().delegate = delegate
    }

    private final class Delegate: NSObject, UNUserNotificationCenterDelegate, Sendable {
        private let opened: @MainActor (String) -> Void

        init(opened: @escaping @MainActor (String) -> Void) {
            self.opened = opened
        }

        /// The driver looks at the app, which says it itself.
        func userNotificationCenter(
            _ center: UNUserNotificationCenter, willPresent notification: UNNotification,
            withCompletionHandler completionHandler: @escaping (UNNotificationPresentationOptions) -> Void
        ) {
            completionHandler([])
        }

        func userNotificationCenter(
            _ center: UNUserNotificationCenter, didReceive response: UNNotificationResponse,
            withCompletionHandler completionHandler: @escaping () -> Void
        ) {
            let license = NoticePlan.license(of: response.notification.request.content.userInfo)
            let opened = opened
            if let license { Task { @MainActor in opened(license) } }
            completionHandler()
        }
    }
}
