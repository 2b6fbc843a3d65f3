// Stand-in for AVFoundation. Only what a scanner of QR codes names, and what plays a sound.
@_exported import Foundation
import UIKit

public struct AVMediaType: Hashable, Sendable {
    public static let video = AVMediaType()
}
public enum AVAuthorizationStatus: Int, @unchecked Sendable {
    case notDetermined = 0
    case restricted = 1
    case denied = 2
    case authorized = 3
}
public struct AVLayerVideoGravity: Hashable, Sendable {
    public static let resizeAspectFill = AVLayerVideoGravity()
    public static let resizeAspect = AVLayerVideoGravity()
}

open class AVCaptureDevice: NSObject {
    public struct DeviceType: Hashable, Sendable {
        public static let builtInWideAngleCamera = DeviceType()
    }
    public enum Position: Int, @unchecked Sendable {
        case unspecified = 0
        case back = 1
        case front = 2
    }
    public enum TorchMode: Int, @unchecked Sendable {
        case off = 0
        case on = 1
        case auto = 2
    }
    public enum FocusMode: Int, @unchecked Sendable {
        case locked = 0
        case autoFocus = 1
        case continuousAutoFocus = 2
    }
    public enum AutoFocusRangeRestriction: Int, @unchecked Sendable {
        case none = 0
        case near = 1
        case far = 2
    }
    public enum ExposureMode: Int, @unchecked Sendable {
        case locked = 0
        case autoExpose = 1
        case continuousAutoExposure = 2
        case custom = 3
    }
    open class Format: NSObject {
        open var videoFieldOfView: Float { 0 }
    }
    open class func `default`(for mediaType: AVMediaType) -> AVCaptureDevice? { nil }
    open class func `default`(
        _ deviceType: DeviceType, for mediaType: AVMediaType?, position: Position
    ) -> AVCaptureDevice? { nil }
    open func lockForConfiguration() throws {}
    open func unlockForConfiguration() {}
    open var activeFormat: Format { Format() }
    // In millimeters; -1 where it is not known.
    open var minimumFocusDistance: Int { -1 }
    open var hasTorch: Bool { false }
    open var isTorchAvailable: Bool { false }
    open var torchMode = TorchMode.off
    open var videoZoomFactor: CGFloat = 1
    open var minAvailableVideoZoomFactor: CGFloat { 1 }
    open var maxAvailableVideoZoomFactor: CGFloat { 1 }
    open func isFocusModeSupported(_ focusMode: FocusMode) -> Bool { false }
    open var focusMode = FocusMode.locked
    open var isFocusPointOfInterestSupported: Bool { false }
    open var focusPointOfInterest = CGPoint.zero
    open var isAutoFocusRangeRestrictionSupported: Bool { false }
    open var autoFocusRangeRestriction = AutoFocusRangeRestriction.none
    open func isExposureModeSupported(_ exposureMode: ExposureMode) -> Bool { false }
    open var exposureMode = ExposureMode.locked
    open var isExposurePointOfInterestSupported: Bool { false }
    open var exposurePointOfInterest = CGPoint.zero
    open class func authorizationStatus(for mediaType: AVMediaType) -> AVAuthorizationStatus { .denied }
    open class func requestAccess(
        for mediaType: AVMediaType, completionHandler handler: @escaping @Sendable (Bool) -> Void
    ) {}
    open class func requestAccess(for mediaType: AVMediaType) async -> Bool { false }
}

open class AVCaptureInput: NSObject {}
open class AVCaptureDeviceInput: AVCaptureInput {
    public init(device: AVCaptureDevice) throws {}
}
open class AVCaptureOutput: NSObject {}
open class AVCaptureConnection: NSObject {}

open class AVMetadataObject: NSObject {
    public struct ObjectType: Hashable, Sendable {
        public static let qr = ObjectType()
    }
    open var type: ObjectType { .qr }
}
open class AVMetadataMachineReadableCodeObject: AVMetadataObject {
    open var stringValue: String? { nil }
}

public protocol AVCaptureMetadataOutputObjectsDelegate: NSObjectProtocol {
    // Optional in Objective-C: here a default stands for that.
    func metadataOutput(
        _ output: AVCaptureMetadataOutput, didOutput metadataObjects: [AVMetadataObject],
        from connection: AVCaptureConnection)
}
extension AVCaptureMetadataOutputObjectsDelegate {
    public func metadataOutput(
        _ output: AVCaptureMetadataOutput, didOutput metadataObjects: [AVMetadataObject],
        from connection: AVCaptureConnection
    ) {}
}

open class AVCaptureMetadataOutput: AVCaptureOutput {
    public override init() {}
    open func setMetadataObjectsDelegate(
        _ objectsDelegate: (any AVCaptureMetadataOutputObjectsDelegate)?, queue objectsCallbackQueue: DispatchQueue?
    ) {}
    open var metadataObjectTypes: [AVMetadataObject.ObjectType]! = []
    open var availableMetadataObjectTypes: [AVMetadataObject.ObjectType] { [] }
}

open class AVCaptureSession: NSObject {
    public struct Preset: Hashable, Sendable {
        public static let high = Preset()
        public static let hd1920x1080 = Preset()
    }
    public override init() {}
    open func canSetSessionPreset(_ preset: Preset) -> Bool { false }
    open var sessionPreset = Preset.high
    open var isRunning: Bool { false }
    open func beginConfiguration() {}
    open func commitConfiguration() {}
    open func canAddInput(_ input: AVCaptureInput) -> Bool { false }
    open func addInput(_ input: AVCaptureInput) {}
    open func canAddOutput(_ output: AVCaptureOutput) -> Bool { false }
    open func addOutput(_ output: AVCaptureOutput) {}
    open func startRunning() {}
    open func stopRunning() {}
}

open class AVCaptureVideoPreviewLayer: CALayer {
    public override init() {}
    public init(session: AVCaptureSession) {}
    open var session: AVCaptureSession?
    open var videoGravity = AVLayerVideoGravity.resizeAspect
    open func captureDevicePointConverted(fromLayerPoint pointInLayer: CGPoint) -> CGPoint { .zero }
}

open class AVAudioSession: NSObject {
    public struct Category: Hashable, Sendable {
        public static let ambient = Category()
    }
    open class func sharedInstance() -> AVAudioSession { fatalError() }
    open func setCategory(_ category: Category) throws {}
}
open class AVAudioPlayer: NSObject {
    public init(data: Data) throws {}
    @discardableResult open func play() -> Bool { false }
}
