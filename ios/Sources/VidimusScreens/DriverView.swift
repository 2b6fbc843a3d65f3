#if canImport(UIKit)
import SwiftUI
import VidimusApp
import VidimusShell

/// The driver's app: a picture of a screen, and nothing but that.
///
/// What somebody does goes to the driver's app, and comes back as another screen. Where a language
/// runs from right to left so does the screen; a QR, numbers and codes do not.
public struct DriverView: View {
    @Environment(\.colorScheme) private var colorScheme
    private let screen: Screen
    private let driver: any Driver
    private let texts: Texts
    private let about: About

    /// A picture of `screen` in the language of `texts`.
    public init(screen: Screen, driver: any Driver, texts: Texts, about: About) {
        self.screen = screen
        self.driver = driver
        self.texts = texts
        self.about = about
    }

    public var body: some View {
        picture
            .frame(maxWidth: .infinity, maxHeight: .infinity)
            .background(Palette.of(colorScheme).background)
            .environment(\.texts, texts)
            .environment(\.palette, Palette.of(colorScheme))
            // In a language's own shapes of letters: Chinese and Japanese share code points.
            .environment(\.locale, Locale(identifier: texts.language.rawValue))
            .environment(\.layoutDirection, texts.language.rightToLeft ? .rightToLeft : .leftToRight)
            // Anyone who hears the screen begins at its top when it is another one.
            .onChange(of: kind) { _, _ in AccessibilityNotification.ScreenChanged().post() }
    }

    @ViewBuilder private var picture: some View {
        switch screen {
        case .opening: OpeningView()
        case .welcome(let screen): WelcomeView(screen: screen, driver: driver)
        case .scan(let screen): ScanView(screen: screen, driver: driver)
        case .offer(let screen): OfferView(screen: screen, driver: driver)
        case .license(let screen): LicenseView(screen: screen, driver: driver)
        case .show(let screen): ShowView(screen: screen, driver: driver)
        case .answer(let screen): AnswerView(screen: screen, driver: driver)
        case .history(let screen): HistoryView(screen: screen, driver: driver)
        case .settings(let screen): SettingsView(screen: screen, about: about, driver: driver)
        case .blocked(let screen): TroubleView(story: screen.story, working: screen.working, driver: driver)
        }
    }

    /// Which screen it is, without what is on it.
    private var kind: Int {
        switch screen {
        case .opening: 0
        case .welcome: 1
        case .scan: 2
        case .offer: 3
        case .license: 4
        case .show: 5
        case .answer: 6
        case .history: 7
        case .settings: 8
        case .blocked: 9
        }
    }
}
#endif
