#if canImport(UIKit)
import AVFoundation
import VidimusDevice

/// The camera on the back, which reads the QR codes of each picture. Nothing of a picture is kept.
///
/// A V22 code has 105 modules: the picture has 1,920 by 1,080 pixels or more, the focus stays near,
/// and the camera begins with the zoom at which it can see a code sharply that fills the picture.
/// Starting one blocks, so all is done on its own queue.
package final class Camera: @unchecked Sendable {
    package let session = AVCaptureSession()
    private let device: AVCaptureDevice
    private let eye: Eye
    private let queue = DispatchQueue(label: "org.vidimus.camera")

    /// Asks for the permission, and makes the camera; `nil` where there is none, or it may not be
    /// used.
    ///
    /// - Parameter seen: Takes the texts of all codes in one picture.
    package static func open(_ seen: @escaping @MainActor ([String]) -> Void) async -> Camera? {
        guard await AVCaptureDevice.requestAccess(for: .video) else { return nil }
        return Camera(seen)
    }

    private init?(_ seen: @escaping @MainActor ([String]) -> Void) {
        let back = AVCaptureDevice.default(.builtInWideAngleCamera, for: .video, position: .back)
        guard let device = back ?? AVCaptureDevice.default(for: .video),
            let input = try? AVCaptureDeviceInput(device: device)
        else { return nil }
        self.device = device
        eye = Eye(seen: seen)
        let output = AVCaptureMetadataOutput()
        session.beginConfiguration()
        defer { session.commitConfiguration() }
        guard session.canAddInput(input), session.canAddOutput(output) else { return nil }
        session.addInput(input)
        session.addOutput(output)
        guard output.availableMetadataObjectTypes.contains(.qr) else { return nil }
        output.metadataObjectTypes = [.qr]
        output.setMetadataObjectsDelegate(eye, queue: .main)
        if session.canSetSessionPreset(.hd1920x1080) { session.sessionPreset = .hd1920x1080 }
    }

    package func start() {
        queue.async { [self] in
            session.startRunning()
            adjust { device in
                if device.isAutoFocusRangeRestrictionSupported { device.autoFocusRangeRestriction = .near }
                let nearest = device.minimumFocusDistance
                let zoom = CameraZoom.beginning(
                    nearest: nearest > 0 ? Double(nearest) : nil,
                    fieldOfView: Double(device.activeFormat.videoFieldOfView))
                device.videoZoomFactor = min(zoom, device.maxAvailableVideoZoomFactor)
            }
        }
    }

    /// The torch goes out with it.
    package func stop() {
        queue.async { [self] in session.stopRunning() }
    }

    package var hasLight: Bool { device.hasTorch }

    /// Where the phone is too hot the torch stays out.
    package func light(_ isOn: Bool) {
        queue.async { [self] in
            adjust { device in
                guard device.hasTorch, device.isTorchAvailable else { return }
                device.torchMode = isOn ? .on : .off
            }
        }
    }

    /// The zoom now, from which two fingers begin.
    package var zoom: Double { device.videoZoomFactor }

    package func zoom(from begin: Double, by spread: Double) {
        queue.async { [self] in
            adjust { device in
                let range = Double(device.minAvailableVideoZoomFactor)...Double(device.maxAvailableVideoZoomFactor)
                device.videoZoomFactor = CameraZoom.pinched(from: begin, by: spread, within: range)
            }
        }
    }

    /// Looks sharply, and not too brightly, at what is at this point of the picture from now on.
    ///
    /// - Parameter point: From 0 to 1 along both edges, as the camera has them.
    package func focus(at point: CGPoint) {
        queue.async { [self] in
            adjust { device in
                if device.isFocusPointOfInterestSupported { device.focusPointOfInterest = point }
                if device.isFocusModeSupported(.continuousAutoFocus) { device.focusMode = .continuousAutoFocus }
                if device.isExposurePointOfInterestSupported { device.exposurePointOfInterest = point }
                if device.isExposureModeSupported(.continuousAutoExposure) {
                    device.exposureMode = .continuousAutoExposure
                }
            }
        }
    }

    private func adjust(_ work: (AVCaptureDevice) -> Void) {
        guard (try? device.lockForConfiguration()) != nil else { return }
        defer { device.unlockForConfiguration() }
        work(device)
    }
}

/// Hears of what was read, on the main queue.
private final class Eye: NSObject, AVCaptureMetadataOutputObjectsDelegate, @unchecked Sendable {
    private let seen: @MainActor ([String]) -> Void

    init(seen: @escaping @MainActor ([String]) -> Void) {
        self.seen = seen
    }

    func metadataOutput(
        _ output: AVCaptureMetadataOutput,
        didOutput metadataObjects: [AVMetadataObject],
        from connection: AVCaptureConnection
    ) {
        let texts = metadataObjects.compactMap { ($0 as? AVMetadataMachineReadableCodeObject)?.stringValue }
        guard !texts.isEmpty else { return }
        MainActor.assumeIsolated { seen(texts) }
    }
}
#endif
