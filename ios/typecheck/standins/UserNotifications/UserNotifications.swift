// Stand-in for UserNotifications. Only what our sources name.
@_exported import Foundation

public struct UNAuthorizationOptions: OptionSet, Sendable {
    public let rawValue: UInt
    public init(rawValue: UInt) { self.rawValue = rawValue }
    public static let badge = Self(rawValue: 1)
    public static let sound = Self(rawValue: 2)
    public static let alert = Self(rawValue: 4)
}
public enum UNAuthorizationStatus: Int, @unchecked Sendable {
    case notDetermined = 0
    case denied = 1
    case authorized = 2
    case provisional = 3
    case ephemeral = 4
}
public struct UNNotificationPresentationOptions: OptionSet, Sendable {
    public let rawValue: UInt
    public init(rawValue: UInt) { self.rawValue = rawValue }
    public static let sound = Self(rawValue: 2)
    public static let list = Self(rawValue: 8)
    public static let banner = Self(rawValue: 16)
}

// Whether these classes of Objective-C's are `Sendable` is not said in every SDK: here they are
// not.
open class UNNotificationSettings: NSObject {
    open var authorizationStatus: UNAuthorizationStatus { .notDetermined }
}
open class UNNotificationSound: NSObject {
    open class var `default`: UNNotificationSound { fatalError() }
}
open class UNNotificationContent: NSObject {
    public override init() {}
    fileprivate var information: [AnyHashable: Any] = [:]
    open var userInfo: [AnyHashable: Any] { information }
}
open class UNMutableNotificationContent: UNNotificationContent {
    open var body = ""
    open var sound: UNNotificationSound?
    open override var userInfo: [AnyHashable: Any] {
        get { [:] }
        set {}
    }
}
open class UNNotificationTrigger: NSObject {}
open class UNCalendarNotificationTrigger: UNNotificationTrigger {
    public init(dateMatching dateComponents: DateComponents, repeats: Bool) {}
}
open class UNNotificationRequest: NSObject {
    public init(identifier: String, content: UNNotificationContent, trigger: UNNotificationTrigger?) {}
    open var identifier: String { "" }
    open var content: UNNotificationContent { fatalError() }
}
open class UNNotification: NSObject {
    open var request: UNNotificationRequest { fatalError() }
}
open class UNNotificationResponse: NSObject {
    open var actionIdentifier: String { "" }
    open var notification: UNNotification { fatalError() }
}
public let UNNotificationDefaultActionIdentifier = "default"

public protocol UNUserNotificationCenterDelegate: NSObjectProtocol {
    // Both are optional in Objective-C.
    func userNotificationCenter(
        _ center: UNUserNotificationCenter, willPresent notification: UNNotification,
        withCompletionHandler completionHandler: @escaping (UNNotificationPresentationOptions) -> Void)
    func userNotificationCenter(
        _ center: UNUserNotificationCenter, didReceive response: UNNotificationResponse,
        withCompletionHandler completionHandler: @escaping () -> Void)
}
open class UNUserNotificationCenter: NSObject {
    open class func current() -> UNUserNotificationCenter { fatalError() }
    open weak var delegate: (any UNUserNotificationCenterDelegate)?
    open func notificationSettings() async -> UNNotificationSettings { fatalError() }
    open func requestAuthorization(options: UNAuthorizationOptions = []) async throws -> Bool { false }
    open func add(_ request: UNNotificationRequest) async throws {}
    open func removeAllPendingNotificationRequests() {}
    open func removeAllDeliveredNotifications() {}
}
