#if canImport(UIKit)
import AVFoundation
import SwiftUI
import UIKit
import VidimusShell

/// What a camera sees: two fingers bring it nearer, a tap says where to look sharply.
package struct Viewfinder: View {
    private let camera: Camera
    @State private var pane = Pane()
    /// The zoom when the fingers came; `nil` while there are none.
    @State private var begin: Double?

    package init(camera: Camera) {
        self.camera = camera
    }

    package var body: some View {
        CameraPane(camera: camera, pane: pane)
            .id(ObjectIdentifier(camera))
            .gesture(SpatialTapGesture().onEnded { tap in focus(at: tap.location) })
            .simultaneousGesture(MagnifyGesture().onChanged { pinch($0.magnification) }.onEnded { _ in begin = nil })
    }

    private func focus(at place: CGPoint) {
        if let point = pane.pointOfPicture(at: place) { camera.focus(at: point) }
    }

    private func pinch(_ spread: CGFloat) {
        let begin = begin ?? camera.zoom
        self.begin = begin
        camera.zoom(from: begin, by: spread)
    }
}

/// The layer that shows a camera, for who asks what lies under a finger.
@MainActor private final class Pane {
    weak var layer: AVCaptureVideoPreviewLayer?

    func pointOfPicture(at place: CGPoint) -> CGPoint? {
        layer?.captureDevicePointConverted(fromLayerPoint: place)
    }
}

/// Shows the session, as large as the view.
private struct CameraPane: UIViewRepresentable {
    let camera: Camera
    let pane: Pane

    func makeUIView(context: Context) -> LayerView {
        let view = LayerView(frame: .zero)
        if let layer = view.layer as? AVCaptureVideoPreviewLayer {
            layer.session = camera.session
            layer.videoGravity = .resizeAspectFill
            pane.layer = layer
        }
        return view
    }

    func updateUIView(_ uiView: LayerView, context: Context) {}

    final class LayerView: UIView {
        override class var layerClass: AnyClass { AVCaptureVideoPreviewLayer.self }
    }
}

/// A camera for one code, as long as the screen shows it, with its light below.
struct CameraView: View {
    @Environment(\.texts) private var texts
    @State private var camera: Camera?
    @State private var isLit = false
    let hint: String
    let seen: @MainActor (String) -> Void
    let refused: @MainActor () -> Void

    var body: some View {
        picture
            .frame(maxWidth: .infinity)
            .aspectRatio(1, contentMode: .fit)
            .background(Color.black)
            .clipShape(RoundedRectangle(cornerRadius: Corner.panel))
            .overlay {
                RoundedRectangle(cornerRadius: Corner.control)
                    .strokeBorder(Color.white, lineWidth: 4)
                    .padding(Space.huge)
                    .allowsHitTesting(false)
            }
            .accessibilityElement()
            .accessibilityLabel(hint)
            .task { await look() }
        if let camera, camera.hasLight {
            SideButton(
                texts[isLit ? .scanLightOff : .scanLightOn],
                symbol: isLit ? "flashlight.off.fill" : "flashlight.on.fill"
            ) {
                isLit.toggle()
                camera.light(isLit)
            }
        }
    }

    @ViewBuilder private var picture: some View {
        if let camera { Viewfinder(camera: camera) } else { Color.black }
    }

    private func look() async {
        // The app may look on after what it did not want, and the same QR is in front of the camera
        // for a while.
        var sightings = Sightings(again: nil)
        let camera = await Camera.open { texts in
            guard sightings.isNews(texts), let text = texts.first else { return }
            seen(text)
        }
        guard let camera else { return refused() }
        // The driver may have gone on while the system asked for the permission.
        guard !Task.isCancelled else { return }
        self.camera = camera
        camera.start()
        while !Task.isCancelled { try? await Task.sleep(for: .seconds(60)) }
        camera.stop()
    }
}
#endif
