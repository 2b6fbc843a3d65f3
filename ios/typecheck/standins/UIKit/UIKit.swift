// Stand-in for UIKit. Only what our sources name.
@_exported import Foundation

@MainActor open class UIResponder: NSObject {
    public override init() {}
}

@MainActor public final class UIApplication: UIResponder {
    public static var shared: UIApplication { fatalError() }
    public var isIdleTimerDisabled = false
    public var connectedScenes: Set<UIScene> { [] }
    public static let userDidTakeScreenshotNotification = Notification.Name("screenshot")
    public nonisolated static let openSettingsURLString = "app-settings:"
    public nonisolated static let openNotificationSettingsURLString = "app-settings:notifications"
    public struct OpenExternalURLOptionsKey: Hashable, Sendable {}
    public func open(
        _ url: URL, options: [OpenExternalURLOptionsKey: Any] = [:],
        completionHandler completion: (@MainActor @Sendable (Bool) -> Void)? = nil
    ) {}
    // Both may be called from any thread.
    public nonisolated func beginBackgroundTask(
        withName taskName: String?, expirationHandler handler: (@MainActor @Sendable () -> Void)? = nil
    ) -> UIBackgroundTaskIdentifier { .invalid }
    public nonisolated func endBackgroundTask(_ identifier: UIBackgroundTaskIdentifier) {}
}

public struct UIBackgroundTaskIdentifier: RawRepresentable, Hashable, Sendable {
    public let rawValue: Int
    public init(rawValue: Int) { self.rawValue = rawValue }
    public static let invalid = UIBackgroundTaskIdentifier(rawValue: 0)
}

@MainActor open class UIScreen: NSObject {
    open var brightness: CGFloat = 0
    open var isCaptured: Bool { false }
    open var bounds: CGRect { .zero }
    open var scale: CGFloat { 1 }
    public static let capturedDidChangeNotification = Notification.Name("captured")
}

@MainActor open class UIView: UIResponder {
    public init(frame: CGRect) {}
    public override convenience init() { self.init(frame: .zero) }
    open class var layerClass: AnyClass { CALayer.self }
    open var layer: CALayer { fatalError() }
    open var bounds = CGRect.zero
    open var frame = CGRect.zero
    open var window: UIWindow? { nil }
    open func layoutSubviews() {}
    open func addSubview(_ view: UIView) {}
    open func didMoveToWindow() {}
    open var isAccessibilityElement = false
    open var accessibilityLabel: String?
}

@MainActor open class UIWindow: UIView {
    open var windowScene: UIWindowScene?
    public convenience init() { self.init(frame: .zero) }
}

@MainActor open class UIScene: UIResponder {}

@MainActor open class UIWindowScene: UIScene {
    open var keyWindow: UIWindow? { nil }
    open var screen: UIScreen { fatalError() }
}

@MainActor open class UIViewController: UIResponder {
    open var view: UIView?
    open func viewDidLoad() {}
    open func viewWillAppear(_ animated: Bool) {}
    open func viewDidDisappear(_ animated: Bool) {}
}

@MainActor public final class UIPasteboard: NSObject {
    public static var general: UIPasteboard { fatalError() }
    public var string: String?
}

public final class UIImage: NSObject, @unchecked Sendable {
    public init?(data: Data) { nil }
    public var size: CGSize { .zero }
}

/// QuartzCore's, which comes with UIKit.
open class CALayer: NSObject {
    public override init() {}
    open var frame = CGRect.zero
    open var bounds = CGRect.zero
    open func addSublayer(_ layer: CALayer) {}
}

public enum UIKeyboardType: Int, @unchecked Sendable {
    case `default` = 0
    case asciiCapable = 1
    case URL = 3
    case numberPad = 4
}
public struct UITextContentType: Hashable, Sendable {
    public static let oneTimeCode = UITextContentType()
}

public class UIActivity: NSObject {
    public struct ActivityType: Hashable, Sendable {}
}
@MainActor open class UIActivityViewController: UIViewController {
    public typealias CompletionWithItemsHandler = (UIActivity.ActivityType?, Bool, [Any]?, (any Error)?) -> Void
    public init(activityItems: [Any], applicationActivities: [UIActivity]?) {}
    open var completionWithItemsHandler: CompletionWithItemsHandler?
}

@MainActor open class UINotificationFeedbackGenerator: NSObject {
    public enum FeedbackType: Int, @unchecked Sendable {
        case success = 0
        case warning = 1
        case error = 2
    }
    public override init() {}
    open func notificationOccurred(_ notificationType: FeedbackType) {}
}

@MainActor public final class UIDevice: NSObject {
    public static var current: UIDevice { fatalError() }
    // Without an entitlement of Apple's the kind of the device, such as iPhone.
    public var name: String { "" }
}
