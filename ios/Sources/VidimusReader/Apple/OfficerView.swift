#if canImport(UIKit)
import SwiftUI
import VidimusApp
import VidimusScreens
import VidimusShell

/// The app that checks licenses: a picture of a screen, and nothing but that.
public struct OfficerView: View {
    @Environment(\.colorScheme) private var colorScheme
    @State private var trail: Trail<OfficerScreen>
    private let screen: OfficerScreen
    private let officer: any Officer
    private let camera: Camera?
    private let texts: Texts
    private let close: (@MainActor () -> Void)?

    /// A picture of `screen` in the language of `texts`.
    package init(
        screen: OfficerScreen, officer: any Officer, camera: Camera?, texts: Texts,
        close: (@MainActor () -> Void)? = nil
    ) {
        self.screen = screen
        self.officer = officer
        self.camera = camera
        self.texts = texts
        self.close = close
        _trail = State(initialValue: Trail(screen, at: screen.stop))
    }

    public var body: some View {
        Stack(trail: $trail, shown: screen, stop: screen.stop) { screen in
            OfficerScreenView(screen: screen, officer: officer, camera: camera, close: close)
        } back: {
            officer.send(.back)
        }
        .background(Palette.of(colorScheme).background)
        .tint(Palette.of(colorScheme).accent)
        .environment(\.texts, texts)
        .environment(\.palette, Palette.of(colorScheme))
        .environment(\.locale, Locale(identifier: texts.language.rawValue))
        .environment(\.layoutDirection, texts.language.rightToLeft ? .rightToLeft : .leftToRight)
    }
}

/// One screen, as a page of the stack.
private struct OfficerScreenView: View {
    let screen: OfficerScreen
    let officer: any Officer
    let camera: Camera?
    let close: (@MainActor () -> Void)?

    var body: some View {
        switch screen {
        case .opening: OpeningView(name: .officerTitle).modifier(Closable(close: close))
        case .start(let screen): StartView(screen: screen, officer: officer).modifier(Closable(close: close))
        case .look(let screen): LookView(screen: screen, officer: officer, camera: camera)
        case .verdict(let screen): VerdictView(screen: screen, officer: officer, camera: camera)
        case .two(let screen): TwoView(screen: screen, officer: officer, camera: camera)
        case .doubt(let screen): DoubtView(screen: screen, officer: officer)
        case .log(let screen): CheckLogView(screen: screen, officer: officer)
        case .blocked(let screen):
            BookBlockedView(screen: screen, officer: officer).modifier(Closable(close: close))
        }
    }
}

/// The way back to the app that has opened this one, on its first screens.
private struct Closable: ViewModifier {
    @Environment(\.texts) private var texts
    let close: (@MainActor () -> Void)?

    func body(content: Content) -> some View {
        content
            .toolbar {
                ToolbarItem(placement: .topBarLeading) {
                    if let close { SymbolButton("xmark", name: texts[.commonBack], action: close) }
                }
            }
            .accessibilityAction(.escape) { close?() }
    }
}
#endif
