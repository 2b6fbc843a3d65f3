#if canImport(UIKit)
import AVFoundation
import SwiftUI
import UIKit

/// What the camera sees, as long as the screen shows it. Nothing of it is kept.
struct CameraView: UIViewRepresentable {
    let seen: @MainActor (String) -> Void
    let refused: @MainActor () -> Void

    func makeCoordinator() -> Reader { Reader(seen: seen) }

    func makeUIView(context: Context) -> Preview {
        let preview = Preview(frame: .zero)
        let reader = context.coordinator
        Task { @MainActor in
            guard await AVCaptureDevice.requestAccess(for: .video), let camera = Camera(reader: reader) else {
                return refused()
            }
            preview.show(camera)
        }
        return preview
    }

    func updateUIView(_ uiView: Preview, context: Context) {}

    static func dismantleUIView(_ uiView: Preview, coordinator: Reader) {
        uiView.end()
    }

    /// Shows the session, as large as the view.
    final class Preview: UIView {
        private var camera: Camera?
        private var isOver = false

        override class var layerClass: AnyClass { AVCaptureVideoPreviewLayer.self }

        func show(_ camera: Camera) {
            // The driver may have gone on while the system asked for the permission.
            guard !isOver else { return }
            self.camera = camera
            if let layer = layer as? AVCaptureVideoPreviewLayer {
                layer.session = camera.session
                layer.videoGravity = .resizeAspectFill
            }
            camera.start()
        }

        func end() {
            isOver = true
            camera?.stop()
            camera = nil
        }
    }

    /// Hears of what was read, on the main queue, and hands on what is new of it: the app may look
    /// on after what it did not want, and the same QR is in front of the camera for a while.
    final class Reader: NSObject, AVCaptureMetadataOutputObjectsDelegate, @unchecked Sendable {
        private let seen: @MainActor (String) -> Void
        @MainActor private var newest: String?

        @MainActor init(seen: @escaping @MainActor (String) -> Void) {
            self.seen = seen
        }

        func metadataOutput(
            _ output: AVCaptureMetadataOutput,
            didOutput metadataObjects: [AVMetadataObject],
            from connection: AVCaptureConnection
        ) {
            let codes = metadataObjects.compactMap { ($0 as? AVMetadataMachineReadableCodeObject)?.stringValue }
            guard let text = codes.first else { return }
            MainActor.assumeIsolated {
                guard text != newest else { return }
                newest = text
                seen(text)
            }
        }
    }
}

/// A session that looks for QR codes. Starting one blocks, so that is done on its own queue;
/// nothing else is done with it after it was made.
final class Camera: @unchecked Sendable {
    let session = AVCaptureSession()
    private let queue = DispatchQueue(label: "org.vidimus.camera")

    /// `nil` where there is no camera, or it may not be used.
    init?(reader: CameraView.Reader) {
        guard let device = AVCaptureDevice.default(for: .video), let input = try? AVCaptureDeviceInput(device: device)
        else { return nil }
        let output = AVCaptureMetadataOutput()
        session.beginConfiguration()
        defer { session.commitConfiguration() }
        guard session.canAddInput(input), session.canAddOutput(output) else { return nil }
        session.addInput(input)
        session.addOutput(output)
        guard output.availableMetadataObjectTypes.contains(.qr) else { return nil }
        output.metadataObjectTypes = [.qr]
        output.setMetadataObjectsDelegate(reader, queue: .main)
    }

    func start() {
        queue.async { [self] in session.startRunning() }
    }

    func stop() {
        queue.async { [self] in session.stopRunning() }
    }
}
#endif
