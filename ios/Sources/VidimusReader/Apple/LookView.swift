#if canImport(UIKit)
import SwiftUI
import VidimusApp
import VidimusScreens
import VidimusShell

/// The camera looks for the code of a license, or it is typed.
struct LookView: View {
    @Environment(\.texts) private var texts
    let screen: LookScreen
    let officer: any Officer
    let camera: Camera?

    var body: some View {
        Page(texts[screen.title], back: { officer.send(.back) }) {
            if let isLit = screen.torch { TorchButton(isLit: isLit, officer: officer, camera: camera) }
        } content: {
            if let refused = screen.refused {
                NoteView(refused)
                MainButton(texts[.officerAllow], symbol: "camera") { officer.send(.allowCamera) }
            }
            if screen.torch != nil { Finder(camera: camera, hint: screen.hint.map { texts[$0] }) }
            if let miss = screen.miss { NoteView(miss) }
            if let hint = screen.hint { Line(texts[hint]) }
            if let field = screen.typing {
                typing(field)
            } else {
                SideButton(texts[.officerType], symbol: "keyboard") { officer.send(.typeInstead) }
            }
        }
    }

    private func typing(_ field: Field) -> some View {
        Panel {
            FieldView(
                label: texts[.officerField],
                field: field,
                nextEdit: { officer.nextEdit(shown: $0) },
                type: { officer.send(.typeText(text: $0, edit: $1)) },
                done: { officer.send(.readText) }
            )
            MainButton(texts[.officerRead], isEnabled: screen.mayRead) { officer.send(.readText) }
        }
    }
}

/// Two licenses in one picture: neither is judged, and the camera goes on.
struct TwoView: View {
    @Environment(\.texts) private var texts
    let screen: TwoScreen
    let officer: any Officer
    let camera: Camera?

    var body: some View {
        Page(texts[.officerTitle], back: { officer.send(.back) }) {
            TorchButton(isLit: screen.torch, officer: officer, camera: camera)
        } content: {
            NoteView(screen.note)
            Finder(camera: camera, hint: nil)
        }
    }
}

/// What the camera sees, as wide as the page: upright, as the sensor's picture is.
private struct Finder: View {
    @Environment(\.texts) private var texts
    let camera: Camera?
    let hint: String?

    var body: some View {
        Lens(camera: camera)
            .frame(maxWidth: .infinity)
            .aspectRatio(3 / 4, contentMode: .fit)
            .clipShape(RoundedRectangle(cornerRadius: Corner.panel))
            .accessibilityElement()
            .accessibilityLabel(hint ?? texts[.officerLookTitle])
    }
}

/// What the camera sees; black until it does.
struct Lens: View {
    let camera: Camera?

    var body: some View {
        ZStack {
            Color.black
            if let camera { Viewfinder(camera: camera) }
        }
    }
}

/// Switches the torch, where the phone has one.
struct TorchButton: View {
    @Environment(\.texts) private var texts
    let isLit: Bool
    let officer: any Officer
    let camera: Camera?

    var body: some View {
        if let camera, camera.hasLight {
            SymbolButton(isLit ? "flashlight.on.fill" : "flashlight.off.fill", name: texts[.officerTorch]) {
                officer.send(.torch(on: !isLit))
            }
            .accessibilityAddTraits(isLit ? .isSelected : [])
        }
    }
}
#endif
